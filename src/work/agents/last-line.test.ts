import assert from "node:assert/strict";
import { test } from "node:test";
import { lastLineOf } from "./last-line.ts";

const rule = "─".repeat(120);

const gemini = `${rule}
 Shift+Tab to accept edits                              1 MCP server
${"▄".repeat(120)}
 >   Type your message or @path/to/file
${"▀".repeat(120)}
 workspace (/directory)      branch        sandbox        /model
 /src                        main          no sandbox       Auto`;
const opencode = `  ┃\n  ┃\n  ┃\n  ┃  Build · Sonnet Anthropic\n  ╹${"▀".repeat(100)}\n`;

// The bottoms of screens of Claude Code 2.1.332, Codex 0.171.0, Gemini 0.61.0 and OpenCode 1.18.33.
for (const [what, screen, line] of [
  ["a plain program", "Reading\n\n  Tests pass.  \n\n", "Tests pass."],
  ["a dead pane", "Tests pass.\nPane is dead (status 0, Sat Nov 28)", "Tests pass."],
  ["nothing", "\n \n", null],
  [
    "Claude Code at its field",
    `● All done. Anything else?\n\n✻ Brewed for 0s · done\n${rule}\n❯ \n${rule}\n  ⏵⏵ auto mode on (shift+tab to cycle)`,
    "✻ Brewed for 0s · done",
  ],
  [
    "Claude Code asking for a permission",
    ` Do you want to proceed?\n ❯ 1. Yes\n   2. Yes, and always allow access to /src from this project\n   3. No\n\n Esc to cancel · Tab to amend`,
    "Do you want to proceed?",
  ],
  [
    "Codex at its field",
    "• All done. Anything else?\n  Worked for 58s • 22:38\n› Ask Codex to do anything\n  gpt-5 default · /src\n  ← for agents · ? for shortcuts",
    "Worked for 58s • 22:38",
  ],
  [
    "Gemini at its field",
    `✦ All done. Anything else?\n\n${" ".repeat(104)}? for shortcuts\n${gemini}`,
    "✦ All done. Anything else?",
  ],
  [
    "Gemini at work",
    ` ⠏ Thinking... (esc to cancel, 17s)${" ".repeat(60)}? for shortcuts\n${gemini}`,
    "⠏ Thinking... (esc to cancel, 17s)",
  ],
  [
    "Gemini at its field on a narrow screen",
    `✦ All done.\n\n ? for shortcuts\n${gemini.replace(/ {20,}1 MCP/, "\n\n  1 MCP")}`,
    "✦ All done.",
  ],
  [
    "OpenCode at its field",
    `     All done.\n\n     ▣  Build · Sonnet · 8s\n\n${opencode}   /src    15 (0%) · $0.00  ctrl+p commands`,
    "All done.",
  ],
  [
    "OpenCode at work",
    `     $ npm test\n\n${opencode}   ⬝⬝■■  esc interrupt    tab agents  ctrl+p commands`,
    "$ npm test",
  ],
  ["a framed program", "  ┃\n  ┃  Reading files\n  ┃\n ╰───╯", "Reading files"],
  ["a field with nothing above it", "❯ \n  ? for shortcuts", "? for shortcuts"],
  ["a field far above", `❯ npm test\n${"ok\n".repeat(20)}done`, "done"],
] as const) {
  test(`the last line of ${what}`, () => assert.equal(lastLineOf(screen), line));
}
