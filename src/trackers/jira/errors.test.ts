import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readBudget, readFailure } from "./errors.ts";

const now = Date.UTC(2026, 10, 22);
const date = new Date(now).toUTCString();
const context = { now, attempt: 1, request: "GET /x", toLocal: (ms: number) => ms };

function failure(status: number, headers: Record<string, string>, body: unknown = {}, attempt = 1) {
  return readFailure(
    { status, headers: new Headers(headers), body, text: JSON.stringify(body) },
    { ...context, attempt },
  );
}

describe("rate limits", () => {
  const reset = { "x-ratelimit-reset": "2026-11-22T00:10Z" };

  it("uses Retry-After first, then the reset, then a growing wait from one minute", () => {
    assert.equal(failure(429, { ...reset, "retry-after": "30" })?.retryAt, now + 30_000);
    assert.equal(failure(429, reset)?.retryAt, now + 600_000);
    assert.equal(failure(429, {})?.retryAt, now + 60_000);
    assert.equal(failure(429, {}, {}, 3)?.retryAt, now + 240_000);
    assert.equal(failure(429, {})?.code, "rate_limited");
  });

  it("converts the reset to this machine's clock, and reports the reason", () => {
    const headers = new Headers({ ...reset, "ratelimit-reason": "jira-burst-based" });
    const off = { ...context, toLocal: (ms: number) => ms + 86_400_000 };
    const error = readFailure({ status: 429, headers, body: {}, text: "" }, off);
    assert.equal(error?.retryAt, now + 600_000 + 86_400_000);
    assert.match(error?.message ?? "", /jira-burst-based/);
  });

  it("reads Cloud's budget and Data Center's bucket, and accepts missing headers", () => {
    const read = (status: number, headers: Record<string, string>) =>
      readBudget({ status, headers: new Headers(headers) });
    const cloud = { "x-ratelimit-limit": "1000", "x-ratelimit-remaining": "990", ...reset, date };
    assert.deepEqual(read(200, cloud), { limit: 1000, remaining: 990, resetAt: now + 600_000 });
    assert.deepEqual(read(429, { ...cloud, "retry-after": "7" })?.resetAt, now + 7_000);
    const bucket = { "x-ratelimit-interval-seconds": "60", "x-ratelimit-fillrate": "5" };
    assert.deepEqual(read(200, { "x-ratelimit-limit": "50", "x-ratelimit-remaining": "0", ...bucket, date }), {
      limit: 50,
      remaining: 0,
      resetAt: now + 60_000,
    });
    assert.equal(read(200, {}), null);
    assert.deepEqual(read(200, { "x-ratelimit-limit": "odd", "x-ratelimit-remaining": "3" }), {
      limit: null,
      remaining: 3,
      resetAt: null,
    });
  });
});

describe("refusals", () => {
  it("maps each to an error that says what to do", () => {
    assert.equal(failure(401, {})?.code, "auth");
    assert.match(failure(401, {})?.hint ?? "", /JIRA_API_KEY.*JIRA_EMAIL/);
    assert.match(failure(403, {}, { error: "Failed to parse Connect Session Auth Token" })?.hint ?? "", /JIRA_EMAIL/);
    assert.equal(failure(403, {}, { errorMessages: ["No."] })?.code, "forbidden");
    assert.equal(failure(404, {})?.code, "not_found");
    assert.equal(failure(410, {})?.code, "gone");
    const bad = failure(400, {}, { errorMessages: ["Field 'x' does not exist"], errors: { jql: "no" } });
    assert.equal(bad?.code, "invalid_input");
    assert.match(bad?.message ?? "", /Field 'x' does not exist jql: no\.$/);
  });

  it("detects failed credentials behind a successful response", () => {
    assert.equal(failure(200, { "x-seraph-loginreason": "AUTHENTICATED_FAILED" })?.code, "auth");
    const denied = failure(403, {
      "x-seraph-loginreason": "AUTHENTICATION_DENIED",
      "x-authentication-denied-reason": "CAPTCHA_CHALLENGE; login-url=https://jira.example/login.jsp",
    });
    assert.equal(denied?.code, "auth");
    assert.match(denied?.hint ?? "", /https:\/\/jira\.example\/login\.jsp/);
  });

  it("leaves successful responses and server errors alone", () => {
    for (const status of [200, 204, 500, 502]) assert.equal(failure(status, { "x-seraph-loginreason": "OK" }), null);
  });
});

describe("Jira's refusals of writes", () => {
  for (const [name, status, body, code, hint] of [
    [
      "a token without the scope",
      401,
      { code: 401, message: "Unauthorized; scope does not match" },
      "forbidden",
      /write:jira-work/,
    ],
    [
      "a refusal in words",
      400,
      { errorMessages: ["You do not have permission to edit this."], errors: {} },
      "forbidden",
      /permission/,
    ],
    ["too long a text", 400, { errorMessages: ["CONTENT_LIMIT_EXCEEDED"], errors: {} }, "invalid_input", /32,767/],
    [
      "a field without a place",
      400,
      {
        errorMessages: [],
        errors: { duedate: "Field 'duedate' cannot be set. It is not on the appropriate screen, or unknown." },
      },
      "invalid_input",
      /screens do not include/,
    ],
    ["a change at the same time", 409, { errorMessages: ["Conflict"], errors: {} }, "conflict", null],
  ] as const) {
    it(name, () => {
      const refusal = failure(status, {}, body);
      assert.equal(refusal?.code, code);
      if (hint !== null) assert.match(refusal.hint ?? "", hint);
    });
  }
});
