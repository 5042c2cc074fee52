import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { budgetIntervalMs, errorBackoffMs, isReserveReached, pollIntervalMs, withJitter } from "./interval.ts";

const now = 1_800_000_000_000;
const quiet = { now, lastChangeAt: null, issueOpen: false, boardVisible: false, lastSeenAt: now };

test("a source is polled more often the more attention it gets", () => {
  assert.equal(pollIntervalMs({ ...quiet, lastChangeAt: now - 30_000 }), 10_000);
  assert.equal(pollIntervalMs({ ...quiet, issueOpen: true }), 10_000);
  assert.equal(pollIntervalMs({ ...quiet, boardVisible: true }), 30_000);
  assert.equal(pollIntervalMs(quiet), 120_000);
  assert.equal(
    pollIntervalMs({ ...quiet, lastSeenAt: now - 3 * 3_600_000, lastChangeAt: now - 4 * 3_600_000 }),
    600_000,
  );
});

test("the backoff after failures grows up to five minutes", () => {
  assert.deepEqual([1, 2, 3].map(errorBackoffMs), [10_000, 20_000, 40_000]);
  assert.equal(errorBackoffMs(50), 300_000);
});

test("jitter stays within a tenth", () => {
  assert.equal(
    withJitter(1000, () => 0),
    900,
  );
  assert.equal(
    withJitter(1000, () => 1),
    1100,
  );
});

test("polling at the budget's interval leaves a fifth of any budget until the reset", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.integer({ min: 0, max: 50 }),
      fc.integer({ min: 1, max: 3_600_000 }),
      fc.integer({ min: 1, max: 50 }),
      (limit, percent, untilResetMs, perRound) => {
        const remaining = Math.floor((limit * percent) / 100);
        const budget = { limit, remaining, resetAt: now + untilResetMs };
        const interval = budgetIntervalMs(budget, perRound, now);
        const rounds = Math.floor(untilResetMs / interval);
        const spent = isReserveReached(budget, now) ? 0 : rounds * perRound;
        assert.ok(
          remaining - spent >= Math.min(remaining, limit * 0.2) - perRound,
          `${remaining} of ${limit}, ${spent} spent`,
        );
      },
    ),
  );
});

test("with only the reserve left, polls wait until the budget is renewed", () => {
  for (const remaining of [20, 10, 0]) {
    assert.equal(budgetIntervalMs({ limit: 100, remaining, resetAt: now + 600_000 }, 3, now), 600_000);
  }
});

test("an unknown, renewed or barely used budget does not slow polling", () => {
  assert.equal(budgetIntervalMs(null, 3, now), 0);
  assert.equal(budgetIntervalMs({ limit: 100, remaining: 0, resetAt: now - 1 }, 3, now), 0);
  assert.equal(budgetIntervalMs({ limit: 100, remaining: 51, resetAt: now + 1 }, 3, now), 0, "half of it is left");
  assert.equal(isReserveReached({ limit: null, remaining: null, resetAt: null }, now), false);
  assert.equal(isReserveReached({ limit: 100, remaining: 20, resetAt: now + 1 }, now), true);
});
