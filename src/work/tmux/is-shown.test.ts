import assert from "node:assert/strict";
import { test } from "node:test";
import { isShown } from "./is-shown.ts";

const text = "Please keep the old name of it,\nand rename the other one.";

for (const [what, now, shown] of [
  ["itself", `> ${text}`, true],
  ["its end, wrapped within a frame", "┃ old name of it,   ┃\n┃ and rename the    ┃\n┃ other one.        ┃", true],
  ["what stands for it", "❯ [Pasted text #1 +1 lines]", true],
  ["something else", "⠏ Thinking… (2s)", false],
  ["its beginning only", "> Please keep the old", false],
] as const) {
  test(`a text is ${shown ? "" : "not "}shown by ${what}`, () => {
    assert.equal(isShown(text, { before: "⠏ Thinking… (1s)", now }), shown);
    assert.equal(isShown(text, { before: now, now: `${now} (2s)` }), false, "it was there before");
    assert.equal(isShown(text, { before: now, now: `${now}\n${now}` }), shown, "it is there once more");
  });
}
