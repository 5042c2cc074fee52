import assert from "node:assert/strict";
import { test } from "node:test";
import { blindWaitMs, readRetryAfterMs } from "./retry-after.ts";

const read = (value: string, date?: string) =>
  readRetryAfterMs(new Headers({ "retry-after": value, ...(date === undefined ? {} : { date }) }));

test("Retry-After is read in seconds, or as a date of the server's clock", () => {
  const date = "Sun, 22 Nov 2026 12:00:00 GMT";
  assert.equal(read("120"), 120_000);
  assert.equal(read("0.25"), 250);
  assert.equal(read("Sun, 22 Nov 2026 12:00:30 GMT", date), 30_000);
  assert.equal(read("Sun, 22 Nov 2026 11:59:00 GMT", date), 0, "it has passed already");
  assert.equal(read("Sun, 22 Nov 2026 12:00:30 GMT"), null, "nothing to compare it with");
  assert.equal(read("soon", date), null);
});

test("a wait of unknown length doubles from one minute up to a quarter of an hour", () => {
  const minutes = [1, 2, 3, 4, 5, 6, 1_000].map((attempt) => blindWaitMs(attempt) / 60_000);
  assert.deepEqual(minutes, [1, 2, 4, 8, 15, 15, 15]);
});
