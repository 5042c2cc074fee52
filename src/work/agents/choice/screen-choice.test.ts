import assert from "node:assert/strict";
import { test } from "node:test";
import { readChoice } from "./read-choice.ts";
import { optionOf } from "./screen-choice.ts";

const rule = "─".repeat(100);

// Screens of Claude Code 2.1.332, Codex 0.171.0, Gemini 0.61.0 and OpenCode 1.18.33.
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
const inRow = `  ┃
  ┃  △ Permission required
  ┃    ← Access external directory /tmp
  ┃
  ┃   Allow once   Allow always   Reject          ctrl+f fullscreen  ⇆ select  enter confirm
  ┃`;
const inNarrowRow = `  ┃  △ Always allow
  ┃
  ┃  - touch *
  ┃
  ┃   Confirm   Cancel
  ┃
  ┃  ⇆ select  enter confirm
  ┃`;
const colored = `  ┃
  ┃  Which colour?
  ┃
  ┃  1. Red
  ┃     warm
  ┃  2. Blue (Recommended)
  ┃     cold
  ┃  3. Type your own answer
  ┃
  ┃  ↑↓ select  enter submit  esc dismiss
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
  [
    "a choice without numbers",
    trust,
    "Is this a project you trust? If not, look first.",
    ["No, exit", "Yes, I trust this folder"],
  ],
  [
    "a choice without numbers, with explanations",
    " Which?\n   First\n     the first\n ❯ Second\n     the second\n   Third\n\n Enter to select",
    "Which?",
    ["First", "Second", "Third"],
  ],
  ["a choice in a row", inRow, "△ Permission required", ["Allow once", "Allow always", "Reject"]],
  ["a choice in a row of a narrow screen", inNarrowRow, "△ Always allow", ["Confirm", "Cancel"]],
  ["a choice marked by color only", colored, "Which colour?", ["Red", "Blue (Recommended)", "Type your own answer"]],
] as const) {
  test(`${what} is a choice`, () => {
    const options = labels.map((label, index) => ({ answer: String(index + 1), label }));
    const { question: asked, options: offered } = readChoice(screen) ?? {};
    assert.deepEqual([asked, offered], [question, options]);
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
  ["the field that an option has become", colored.replace("own answer\n", "own answer\n  ┃     my ow\n")],
  ["a choice that has scrolled away", `${permission}${"ok\n".repeat(40)}`],
] as const) {
  test(`${what} is no choice`, () => assert.equal(readChoice(screen), null));
}

test("the option that Enter takes is the one behind the mark, or on another background", () => {
  assert.equal(readChoice(trust)?.marked, 0);
  assert.equal(readChoice(trust.replace(" ❯ No", "   No").replace("   Yes", " ❯ Yes"))?.marked, 1);
  const row = (...backgrounds: readonly number[]) =>
    readChoice(
      inRow.replace(/(Allow once) {3}(Allow always) {3}(Reject)/, (_, ...labels: readonly string[]) =>
        labels
          .slice(0, 3)
          .map((label, index) => `\u001b[48;5;${backgrounds[index] ?? 0}m ${label} `)
          .join("\u001b[48;5;234m "),
      ),
    );
  assert.deepEqual(
    row(234, 215, 234)?.options.map(({ label }) => label),
    ["Allow once", "Allow always", "Reject"],
  );
  assert.equal(row(215, 234, 234)?.marked, 0);
  assert.equal(row(234, 234, 215)?.marked, 2);
  assert.equal(row(234, 234, 234)?.marked, null, "none is marked");
  assert.equal(row(215, 234, 216)?.marked, null, "two may be");
  assert.equal(readChoice(inRow)?.marked, null, "there are no colors");
});

test("an answer is the number, yes or no, or the words of an option", () => {
  const { options = [] } = readChoice(permission) ?? {};
  for (const [text, option] of [
    ["1", 0],
    [" 3 ", 2],
    ["yes", 0],
    ["Y", 0],
    ["n", 2],
    ["No", 2],
    ["yes, and always allow access to /src from this project", 1],
    ["4", null],
    ["No, do not do that", null],
    ["sure", null],
  ] as const) {
    assert.equal(optionOf(options, text), option, text);
  }
  const { options: inOtherWords = [] } = readChoice(inRow) ?? {};
  assert.deepEqual([optionOf(inOtherWords, "yes"), optionOf(inOtherWords, "no")], [0, 2]);
  const counts = ["2", "3"].map((label, index) => ({ answer: String(index + 1), label }));
  assert.equal(optionOf(counts, "2"), 1, "the number counts before the words");
  assert.equal(optionOf(counts, "3"), 1);
});
