import assert from "node:assert/strict";
import { test } from "node:test";
import { describeLimit } from "./describe-limit.ts";

const at = new Date(2026, 10, 26, 14, 5).getTime();
const now = at - 12 * 60_000 - 20_000;

test("gives the end of a rate limit in local time", () => {
  const words = "The next request is allowed at 14:05, in 12 minutes.";
  assert.equal(describeLimit({ code: "rate_limited", retryAt: at }, now), words);
  assert.equal(describeLimit({ code: "rate_limited", retryAt: new Date(at).toISOString() }, now), words);
});

test("is null for a limit that is over, and for other errors", () => {
  assert.equal(describeLimit({ code: "rate_limited", retryAt: at }, at), null);
  assert.equal(describeLimit({ code: "rate_limited" }, now), null);
  assert.equal(describeLimit({ code: "auth", retryAt: at }, now), null);
});
