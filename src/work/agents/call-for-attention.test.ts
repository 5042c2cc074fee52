import assert from "node:assert/strict";
import { test } from "node:test";
import { createAttentionReader } from "./call-for-attention.ts";

function read(...pieces: readonly string[]): string[] {
  const reader = createAttentionReader();
  return pieces.flatMap((piece) => reader(Buffer.from(piece)).map(({ kind, text }) => `${kind} ${text ?? ""}`.trim()));
}

test("a bell is one wherever the output is cut", () => {
  assert.deepEqual(read("ask?\u0007"), ["bell"]);
  assert.deepEqual(read("a\u001b[31mred\u001b[0m", "\u0007"), ["bell"]);
});

test("the bell that ends a sequence is none", () => {
  assert.deepEqual(read("\u001b]0;a title\u0007"), []);
  assert.deepEqual(read("\u001b]0;a ti", "tle", "\u0007", "\u0007"), ["bell"]);
  assert.deepEqual(read("\u001b]8;;https://a.test\u001b\\link\u001b]8;;\u001b\\"), []);
});

test("notifications are read, and a progress bar is none", () => {
  assert.deepEqual(read("\u001b]9;Needs you\u0007"), ["notification Needs you"]);
  assert.deepEqual(read("\u001b]777;notify;Agent;Needs you\u001b\\"), ["notification Agent: Needs you"]);
  assert.deepEqual(read("\u001b]9;4;1;50\u0007"), []);
});

test("an endless sequence does not swallow what follows for ever", () => {
  assert.deepEqual(read(`\u001b]9;${"a".repeat(10_000)}`, "\u0007"), ["bell"]);
});
