import assert from "node:assert/strict";
import { test } from "node:test";
import { styleText } from "node:util";
import { createOutput } from "./output.ts";
import { wrapLines } from "./wrap-lines.ts";

test("long lines are broken between words and continue further in; short ones, addresses and spaces stay", () => {
  const text = [
    "Linear rejected the API key: 鍵が違います。",
    "  It is wrong, expired or revoked.",
    "https://linear.example/a/very/long/address",
    "a   b",
  ];
  assert.deepEqual(wrapLines(text.join("\n"), 30).split("\n"), [
    "Linear rejected the API key:",
    "  鍵が違います。",
    "  It is wrong, expired or",
    "    revoked.",
    "https://linear.example/a/very/long/address",
    "a   b",
  ]);
});

test("colours take no room", () => {
  const red = styleText("red", "exactly as wide as this", { validateStream: false });
  assert.equal(wrapLines(red, 23), red);
});

test("what goes to a terminal fits it; what goes elsewhere keeps its lines", () => {
  const shown = (columns?: number) => {
    let text = "";
    const stream = {
      isTTY: columns !== undefined,
      ...(columns !== undefined && { columns }),
      write: (part: string) => ((text += part), true),
    };
    const out = createOutput({ streams: { stdout: stream, stderr: stream }, env: {} });
    out.note("one two three four");
    out.sentences("ok  five six seven", 4);
    return text;
  };
  assert.equal(shown(), "one two three four\nok  five six seven\n");
  assert.equal(shown(12), "one two\n  three four\nok  five six\n    seven\n");
});
