import assert from "node:assert/strict";
import { test } from "node:test";
import { createTitleFilter } from "./drop-titles.ts";

const filtered = (text: string, size: number) => {
  const filter = createTitleFilter();
  const bytes = Buffer.from(text);
  const kept: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) kept.push(Buffer.from(filter(bytes.subarray(at, at + size))));
  return Buffer.concat(kept).toString();
};

test("removes titles and keeps the rest, however the text is split", () => {
  const cases = {
    "a\x1bktitle\x1b\\b": "ab",
    "\x1b[1mbold\x1b\x1b[m": "\x1b[1mbold\x1b\x1b[m",
    "\x1bkone\x1b\\\x1bktwo\x1b\\\x1b]0;kept\x07": "\x1b]0;kept\x07",
    "ä\x1bkü\x1b\\ö": "äö",
  };
  for (const [text, kept] of Object.entries(cases)) {
    for (const size of [1, 2, 3, 100]) assert.equal(filtered(text, size), kept, JSON.stringify([text, size]));
  }
});

test("gives up on a title without an end", () => {
  assert.equal(filtered(`\x1bk${"x".repeat(2_000)}y`, 100).at(-1), "y");
});
