import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readBudget, readFailure } from "./errors.ts";

const now = Date.UTC(2026, 10, 22);
const context = { now, attempt: 1, request: "GET /x", toLocal: (ms: number) => ms };

function failure(status: number, headers: Record<string, string>, body: unknown, attempt = 1) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const answer = { status, headers: new Headers(headers), body: typeof body === "string" ? undefined : body, text };
  return readFailure(answer, { ...context, attempt });
}

describe("rate limits", () => {
  const reset = { "ratelimit-limit": "2000", "ratelimit-remaining": "0", "ratelimit-reset": String(now / 1000 + 40) };

  it("uses Retry-After first, then the reset, then a growing wait from one minute", () => {
    const plain = failure(429, { ...reset, "retry-after": "30" }, "Retry later\n");
    assert.equal(plain?.code, "rate_limited");
    assert.equal(plain?.message, "GitLab's rate limit is reached: Retry later.");
    assert.equal(plain?.retryAt, now + 30_000);
    assert.equal(failure(429, reset, "Retry later\n")?.retryAt, now + 40_000);
    const own = { message: { error: "This endpoint has been requested too many times. Try again later." } };
    const busy = { ...reset, "ratelimit-remaining": "1990" };
    assert.equal(failure(429, busy, own)?.retryAt, now + 60_000);
    assert.equal(failure(429, busy, own, 3)?.retryAt, now + 240_000);
  });

  it("converts the reset to this machine's clock", () => {
    const off = { ...context, toLocal: (ms: number) => ms + 86_400_000 };
    const error = readFailure({ status: 429, headers: new Headers(reset), body: undefined, text: "" }, off);
    assert.equal(error?.retryAt, now + 40_000 + 86_400_000);
  });

  it("reads the budget, and accepts missing headers", () => {
    assert.deepEqual(readBudget({ headers: new Headers(reset) }), { limit: 2000, remaining: 0, resetAt: now + 40_000 });
    assert.equal(readBudget({ headers: new Headers() }), null);
    assert.deepEqual(readBudget({ headers: new Headers({ "ratelimit-limit": "60", "ratelimit-remaining": "odd" }) }), {
      limit: 60,
      remaining: null,
      resetAt: null,
    });
  });
});

describe("refusals", () => {
  it("maps each to an error that says what to do", () => {
    assert.equal(failure(401, {}, { message: "401 Unauthorized" })?.code, "auth");
    const revoked = failure(401, {}, { error: "invalid_token", error_description: "Token was revoked." });
    assert.match(revoked?.message ?? "", /revoked/);
    assert.match(revoked?.hint ?? "", /GITLAB_TOKEN/);
    const scope = failure(403, {}, { error: "insufficient_scope", error_description: "More is needed", scope: "api" });
    assert.equal(scope?.code, "forbidden");
    assert.match(scope?.hint ?? "", /`api`/);
    assert.match(failure(403, {}, { message: "403 Forbidden" })?.hint ?? "", /role/);
    assert.equal(failure(404, {}, { message: "404 Project Not Found" })?.code, "not_found");
    const bad = failure(400, {}, { error: "state does not have a valid value" });
    assert.equal(bad?.code, "invalid_input");
    assert.match(bad?.message ?? "", /state does not have/);
    const blank = failure(422, {}, { message: { title: ["can't be blank"], base: ["Odd"] } });
    assert.equal(blank?.message, "GitLab rejected the request: title can't be blank, Odd.");
    assert.equal(blank?.field, "title");
    assert.equal(failure(400, {}, { error: "due_date is invalid" })?.field, "dueDate");
    const spam = failure(
      409,
      {},
      { needs_captcha_response: true, message: { error: "Your issue has been recognized as spam." } },
    );
    assert.equal(spam?.code, "forbidden");
    assert.match(spam?.hint ?? "", /captcha/);
    const link = failure(
      404,
      {},
      { message: "No matching issue found. Make sure that you are adding a valid issue URL." },
    );
    assert.match(link?.message ?? "", /No matching issue found/);
    assert.equal(failure(409, {}, { message: "409 Conflict" })?.code, "conflict");
  });

  it("leaves successful responses, server errors and foreign web pages alone", () => {
    for (const status of [200, 304, 500, 502]) assert.equal(failure(status, {}, {}), null);
    assert.equal(failure(404, {}, "<html>Not here</html>"), null);
    assert.equal(failure(429, {}, "<html>Slow down</html>")?.code, "rate_limited");
  });
});
