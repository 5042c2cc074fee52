import assert from "node:assert/strict";
import { test } from "node:test";
import { clockWarning } from "./clock-warning.ts";

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];

test("does not warn about a small difference", () => {
  for (const ms of [0, 1000, -1000, 119_000, -119_000]) assert.equal(clockWarning("One", ms), null);
});

for (const [aheadMs, words] of [
  [day, "1 day behind"],
  [day - 900, "1 day behind"],
  [-day - 900, "1 day ahead of"],
  [23 * hour, "1 day behind"],
  [-3 * day, "3 days ahead of"],
  [hour, "1 hour behind"],
  [-2 * hour - 5 * minute, "2 hours ahead of"],
  [2 * minute, "2 minutes behind"],
  [-30 * minute, "30 minutes ahead of"],
] as const) {
  test(`describes ${aheadMs} ms as ${words}`, () => {
    assert.equal(clockWarning("One", aheadMs)?.message, `This machine's clock is ${words} One's.`);
  });
}
