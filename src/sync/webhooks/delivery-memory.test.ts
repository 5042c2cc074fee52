import assert from "node:assert/strict";
import { test } from "node:test";
import type { Delivery } from "../../trackers/webhooks/webhook.ts";
import { createDeliveryMemory } from "./delivery-memory.ts";

const minute = 60_000;
const now = 1_800_000_000_000;

function makeDelivery(receivedAt: number, text = "{}"): Delivery {
  return { headers: {}, query: new URLSearchParams(), body: Buffer.from(text), receivedAt };
}

test("a delivery with an id is remembered for a day, whatever its content", () => {
  const memory = createDeliveryMemory();
  assert.equal(memory.isNew("one", "d1", makeDelivery(now)), true);
  assert.equal(memory.isNew("one", "d1", makeDelivery(now + 23 * 60 * minute, "{ }")), false);
  assert.equal(memory.isNew("other", "d1", makeDelivery(now)), true, "of another connection");
  assert.equal(memory.isNew("one", "d1", makeDelivery(now + 25 * 60 * minute)), true);
});

test("a delivery without an id is recognised by its content for ten minutes; later the same content may be new", () => {
  const memory = createDeliveryMemory();
  assert.equal(memory.isNew("one", null, makeDelivery(now)), true);
  assert.equal(memory.isNew("one", null, makeDelivery(now + 9 * minute)), false);
  assert.equal(memory.isNew("one", null, makeDelivery(now + 9 * minute, "[]")), true);
  assert.equal(memory.isNew("one", null, makeDelivery(now + 11 * minute)), true);
});

test("only the newest deliveries are remembered beyond the limit", () => {
  const memory = createDeliveryMemory();
  for (let number = 0; number < 10_001; number++) memory.isNew("one", `d${number}`, makeDelivery(now));
  assert.equal(memory.isNew("one", "d10000", makeDelivery(now)), false);
  assert.equal(memory.isNew("one", "d1", makeDelivery(now)), false);
  assert.equal(memory.isNew("one", "d0", makeDelivery(now)), true);
});
