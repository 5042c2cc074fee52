import assert from "node:assert/strict";
import { test } from "node:test";
import { keyOf, readChoice } from "./screen-choice.ts";

const rule = "─".repeat(100);

// Screens of Claude Code 2.1.332 and Codex 0.171.0.
const permission = `● Bash(npm test)
  ⎿  Waiting…
${rule}
 Bash command

   npm test
${"╌".repeat(100)}
 Do you want to proceed?
 ❯ 1. Yes
   2. Yes, and always allow access to /src from this project
   3. No

 Esc to cancel · Tab to amend
`;
const asked = ` ☐ Choice

Which one?

❯ 1. First
     the first
  2. Second
     the second
  3. Type something.
${rule}
  4. Chat about this

Enter to select · ↑/↓ to navigate · Esc to cancel`;
const approval = `• Running touch /a
  Would you like to run the following command?
  $ touch /a
› 1. Yes, proceed (y)   
  2. Yes, and don't ask again for commands that start with \`touch /a\` (p)
  3. No, and tell Codex what to do differently (esc)

  Press enter to confirm or esc to cancel`;
const trust = `Is this a project you trust? If not, look first.
Claude Code'll be able to read, edit, and execute files here.
 Security guide
 ❯ No, exit
   Yes, I trust this folder

 Enter to confirm · Esc to cancel`;

const gemini = ` ╭${"─".repeat(60)}╮
 │ Do you trust the files in this folder?                     │
 │                                                            │
 │ Trusting a folder allows Gemini CLI to load its settings.  │
 │                                                            │
 │ ● 1. Trust folder (shop)                                   │
 │   2. Don't trust                                           │
 ╰${"─".repeat(60)}╯`;
const opencode = `  ┃
  ┃  △ Permission required
  ┃    ← Access external directory /tmp
  ┃
  ┃   Allow once   Allow always   Reject          ctrl+f fullscreen  ⇆ select  enter confirm
  ┃`;

for (const [what, screen, question, labels] of [
  [
    "a permission",
    permission,
    "Do you want to proceed?",
    ["Yes", "Yes, and always allow access to /src from this project", "No"],
  ],
  ["a question", asked, "Which one?", ["First", "Second", "Type something.", "Chat about this"]],
  [
    "an approval",
    approval,
    "Would you like to run the following command?",
    [
      "Yes, proceed",
      "Yes, and don't ask again for commands that start with `touch /a`",
      "No, and tell Codex what to do differently",
    ],
  ],
  ["a framed choice", gemini, "Do you trust the files in this folder?", ["Trust folder (shop)", "Don't trust"]],
  ["a choice without numbers", trust, "Is this a project you trust? If not, look first.", []],
  ["a choice in a line", opencode, "△ Permission required", []],
] as const) {
  test(`${what} is a choice`, () => {
    const options = labels.map((label, index) => ({ answer: String(index + 1), label }));
    assert.deepEqual(readChoice(screen), { question, options });
  });
}

for (const [what, screen] of [
  ["an empty screen", ""],
  ["a question of a plain program", "1. Fix a\n2. Fix b\nWhich one? [y/n] "],
  [
    "the field of Claude Code",
    `● Done.\n${rule}\n❯ \n${rule}\n  ⏵⏵ auto mode on (shift+tab to cycle) · esc to interrupt`,
  ],
  [
    "a message that looks like a choice, above the field",
    `❯ 1. Fix a\n  2. Fix b\n● Which first?\n${rule}\n❯ Try it\n${rule}\n  ? for shortcuts`,
  ],
  [
    "the field of Codex",
    "• Done.\n› Ask Codex to do anything\n  gpt-5 default · /src\n  ← for agents · ? for shortcuts",
  ],
  ["a list in what was written last", "● Two ways:\n  1. First\n  2. Second"],
  ["a choice that has scrolled away", `${permission}${"ok\n".repeat(40)}`],
] as const) {
  test(`${what} is no choice`, () => assert.equal(readChoice(screen), null));
}

test("an answer is the number, yes or no, or the words of an option", () => {
  const { options = [] } = readChoice(permission) ?? {};
  for (const [text, key] of [
    ["1", "1"],
    [" 3 ", "3"],
    ["yes", "1"],
    ["Y", "1"],
    ["n", "3"],
    ["No", "3"],
    ["yes, and always allow access to /src from this project", "2"],
    ["4", null],
    ["No, do not do that", null],
    ["sure", null],
  ] as const) {
    assert.equal(keyOf(options, text), key, text);
  }
});
