import assert from "node:assert/strict";
import { test } from "node:test";
import { createAttentionReader } from "./call-for-attention.ts";

function read(...pieces: readonly string[]): string[] {
  const reader = createAttentionReader();
  return pieces.flatMap((piece) =>
    reader(Buffer.from(piece)).attention.map(({ kind, text }) => `${kind} ${text ?? ""}`.trim()),
  );
}

test("recognizes a bell wherever the output is split", () => {
  assert.deepEqual(read("ask?\u0007"), ["bell"]);
  assert.deepEqual(read("a\u001b[31mred\u001b[0m", "\u0007"), ["bell"]);
});

test("ignores the bell that ends a sequence", () => {
  assert.deepEqual(read("\u001b]0;a title\u0007"), []);
  assert.deepEqual(read("\u001b]0;a ti", "tle", "\u0007", "\u0007"), ["bell"]);
  assert.deepEqual(read("\u001b]8;;https://a.test\u001b\\link\u001b]8;;\u001b\\"), []);
});

test("reads notifications, and ignores progress bars and questions to the terminal", () => {
  assert.deepEqual(read("\u001b]9;Needs you\u0007"), ["notification Needs you"]);
  assert.deepEqual(read("\u001b]777;notify;Agent;Needs you\u001b\\"), ["notification Agent: Needs you"]);
  assert.deepEqual(read("\u001b]99;i=1:p=title;Needs you\u001b\\"), ["notification Needs you"]);
  assert.deepEqual(read("\u001b]9;4;1;50\u0007"), []);
  // OpenCode, before it draws anything.
  assert.deepEqual(read("\u001b]99;i=opentui-notifications:p=?;\u001b\\"), []);
});

test("counts what changes the terminal, and not window titles", () => {
  const reader = createAttentionReader();
  const shown = (text: string) => reader(Buffer.from(text)).shown;
  assert.equal(shown("\u001b]0;[ ! ] Action"), 0);
  assert.equal(shown(" required\u0007"), 0);
  assert.equal(shown("abc\u0007"), 3);
  assert.ok(shown("\u001b[2K") > 0);
});

test("reads text again after an endless sequence", () => {
  assert.deepEqual(read(`\u001b]9;${"a".repeat(10_000)}`, "\u0007"), ["bell"]);
});
