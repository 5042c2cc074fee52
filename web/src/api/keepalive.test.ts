import assert from "node:assert/strict";
import { test } from "node:test";
import { hasPerishable, sendKept } from "./keepalive.ts";

/** Sends bodies of these sizes; returns which of them outlive the page, and a function that answers all. */
function sendAll(sizes: readonly number[], character = "x") {
  const answer = Promise.withResolvers<void>();
  const kept: boolean[] = [];
  const sent = sizes.map((size) =>
    sendKept(character.repeat(size), (keepalive) => {
      kept.push(keepalive);
      return answer.promise;
    }),
  );
  return { kept, answered: () => (answer.resolve(), Promise.all(sent)) };
}

test("requests outlive the page until the browser's room for their bodies is used; others are said to be lost with it", async () => {
  const { kept, answered } = sendAll([30_000, 20_000, 20_000, 5000]);
  assert.deepEqual(kept, [true, true, false, true]);
  assert.equal(hasPerishable(), true);
  await answered();
  assert.equal(hasPerishable(), false);
  const again = sendAll([50_000]);
  assert.deepEqual([again.kept, hasPerishable()], [[true], false]);
  await again.answered();
});

test("the room is counted in bytes, and requests are limited in number", async () => {
  const wide = sendAll([25_000], "鍵");
  assert.deepEqual(wide.kept, [false]);
  await wide.answered();
  const many = sendAll(Array.from({ length: 30 }, () => 10));
  assert.equal(many.kept.filter(Boolean).length, 16);
  await many.answered();
  assert.equal(hasPerishable(), false);
});

test("a refused request frees its room", async () => {
  await assert.rejects(sendKept("x".repeat(70_000), () => Promise.reject(new Error("refused"))));
  assert.equal(hasPerishable(), false);
});
