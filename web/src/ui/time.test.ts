import assert from "node:assert/strict";
import { test } from "node:test";
import { formatAgo, formatBriefly, formatCount, formatLastDay, formatNumberOf, formatUntil } from "./time.ts";

const now = Date.parse("2026-11-22T12:00:00.000Z");
const ago = (ms: number) => formatAgo(now - ms, now);

test("formats ages in the largest unit that fits", () => {
  assert.equal(ago(0), "just now");
  assert.equal(ago(12_000), "12 s ago");
  assert.equal(ago(4 * 60_000 + 59_000), "4 min ago");
  assert.equal(ago(3 * 3_600_000), "3 h ago");
  assert.equal(ago(2 * 86_400_000), "2 d ago");
  assert.equal(ago(40 * 86_400_000), "13 Oct");
  // A clock slightly behind the server's must not show "in the future".
  assert.equal(ago(-5000), "just now");
});

test("uses short forms for narrow columns", () => {
  const brief = (ms: number) => formatBriefly(now - ms, now);
  assert.equal(brief(0), "now");
  assert.equal(brief(12_000), "12 s");
  assert.equal(brief(40 * 86_400_000), "13 Oct");
  assert.equal(brief(400 * 86_400_000), "Oct 2025");
});

test("formats future times the same way", () => {
  assert.equal(formatUntil(now + 18_000, now), "in 18 s");
  assert.equal(formatUntil(now + 7 * 60_000, now), "in 7 min");
  assert.equal(formatUntil(now - 1000, now), "now");
});

test("separates thousands, and uses the singular for one", () => {
  assert.equal(formatCount(4611), "4,611");
  assert.equal(formatNumberOf(1, "issue"), "1 issue");
  assert.equal(formatNumberOf(1200, "repository", "repositories"), "1,200 repositories");
});

test("what ends at midnight ends on the day before", () => {
  assert.equal(formatLastDay("2026-12-07T00:00:00.000Z", now), "6 Dec");
  assert.equal(formatLastDay("2026-12-07T00:00:01.000Z", now), "7 Dec");
  assert.equal(formatLastDay("2027-01-01T00:00:00.000Z", now), "31 Dec");
});
