import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readBudget, readFailure } from "./errors.ts";
import { linearHttp } from "./http-policy.ts";

const now = Date.UTC(2026, 10, 22);
const context = { now, attempt: 1, request: "POST /graphql", toLocal: (ms: number) => ms };

function failure(
  status: number,
  extensions: Record<string, unknown> | null,
  headers: Record<string, string> = {},
  message = "Something.",
) {
  const body = extensions === null ? { data: {} } : { errors: [{ message, extensions }] };
  return readFailure({ status, headers: new Headers(headers), body, text: "" }, context);
}

describe("rate limits", () => {
  it("are recognized by the code, whatever the status", () => {
    for (const status of [200, 400, 429]) {
      const error = failure(status, { code: "RATELIMITED" });
      assert.equal(error?.code, "rate_limited");
      assert.equal(error?.retryAt, now + 60_000);
    }
  });

  it("end when the exhausted budget is renewed, requests or complexity", () => {
    for (const kind of ["requests", "complexity"]) {
      const headers = {
        [`x-ratelimit-${kind}-limit`]: "100",
        [`x-ratelimit-${kind}-remaining`]: "0",
        [`x-ratelimit-${kind}-reset`]: String(now + 90_000),
      };
      assert.equal(failure(400, { code: "RATELIMITED" }, headers)?.retryAt, now + 90_000);
    }
  });

  it("end with the later renewal if both budgets are exhausted, on this machine's clock, and never at once", () => {
    const headers = (requests: number, complexity: number) => ({
      "x-ratelimit-requests-limit": "100",
      "x-ratelimit-requests-remaining": "0",
      "x-ratelimit-requests-reset": String(now + requests),
      "x-ratelimit-complexity-limit": "1000",
      "x-ratelimit-complexity-remaining": "0",
      "x-ratelimit-complexity-reset": String(now + complexity),
    });
    assert.equal(failure(400, { code: "RATELIMITED" }, headers(10_000, 90_000))?.retryAt, now + 90_000);
    assert.equal(failure(400, { code: "RATELIMITED" }, headers(90_000, 10_000))?.retryAt, now + 90_000);
    assert.equal(failure(400, { code: "RATELIMITED" }, headers(-5, -5))?.retryAt, now + 1000);
    const slow = { ...context, toLocal: (ms: number) => ms - 20_000 };
    const body = { errors: [{ message: "No.", extensions: { code: "RATELIMITED" } }] };
    const answer = { status: 400, headers: new Headers(headers(90_000, 90_000)), body, text: "" };
    assert.equal(readFailure(answer, slow)?.retryAt, now + 70_000);
  });

  it("end when the response says so, even one from a proxy without a code", () => {
    const headers = {
      "retry-after": "7",
      "x-ratelimit-requests-limit": "100",
      "x-ratelimit-requests-remaining": "0",
      "x-ratelimit-requests-reset": String(now + 90_000),
    };
    const error = failure(429, null, headers);
    assert.deepEqual([error?.code, error?.retryAt], ["rate_limited", now + 7000]);
  });

  it("are null as far as the headers do not state them", () => {
    const remaining = { "x-ratelimit-requests-remaining": "0" };
    assert.deepEqual(readBudget({ headers: new Headers(remaining) }), { limit: null, remaining: 0, resetAt: null });
    const scarcer = { limit: 1000, remaining: 10, resetAt: null };
    const complexity = { "x-ratelimit-complexity-limit": "1000", "x-ratelimit-complexity-remaining": "10" };
    assert.deepEqual(readBudget({ headers: new Headers({ ...remaining, ...complexity }) }), scarcer);
    const blank = new Headers({ "x-ratelimit-requests-limit": "100", "x-ratelimit-requests-remaining": " " });
    assert.deepEqual(readBudget({ headers: blank }), { limit: 100, remaining: null, resetAt: null });
    const left = { ...Object.fromEntries(blank), "x-ratelimit-requests-reset": String(now + 90_000) };
    assert.equal(failure(400, { code: "RATELIMITED" }, left)?.retryAt, now + 60_000);
  });

  it("returns the scarcer of the two budgets", () => {
    const headers = new Headers({
      "x-ratelimit-requests-limit": "1500",
      "x-ratelimit-requests-remaining": "1400",
      "x-ratelimit-requests-reset": String(now),
      "x-ratelimit-complexity-limit": "250000",
      "x-ratelimit-complexity-remaining": "1000",
      "x-ratelimit-complexity-reset": String(now + 5),
    });
    assert.deepEqual(readBudget({ headers }), { limit: 250_000, remaining: 1000, resetAt: now + 5 });
    assert.equal(readBudget({ headers: new Headers() }), null);
  });
});

describe("refusals", () => {
  const rows: [number, Record<string, unknown>, string, string][] = [
    [401, { code: "AUTHENTICATION_ERROR" }, "", "auth"],
    [400, { type: "authentication error" }, "", "auth"],
    [200, { code: "FORBIDDEN" }, "", "forbidden"],
    [200, { type: "feature not accessible" }, "", "forbidden"],
    [200, { code: "INPUT_ERROR" }, "Entity not found: Team", "not_found"],
    [
      200,
      { code: "INPUT_ERROR", userPresentableMessage: "Could not find referenced Issue." },
      "Entity not found: Issue",
      "not_found",
    ],
    [200, { code: "INPUT_ERROR", type: "invalid input" }, "conflict on insert of Issue", "conflict"],
    [200, { code: "INPUT_ERROR", type: "invalid input" }, "conflict on insert of", "invalid_input"],
    [200, { code: "A_NEW_ONE", type: "invalid input" }, "", "invalid_input"],
    [200, { code: "A_NEW_ONE", userError: true }, "", "invalid_input"],
    [200, { type: "usage limit exceeded" }, "usage limit exceeded", "forbidden"],
    [400, { code: "RATELIMITED", type: "ratelimited" }, "usage limit exceeded", "rate_limited"],
    [400, { code: "GRAPHQL_VALIDATION_FAILED" }, "Cannot query field", "invalid_input"],
    [500, { code: "INTERNAL_SERVER_ERROR" }, "", "unreachable"],
    [200, { type: "lock timeout" }, "", "unreachable"],
    [400, { code: "A_NEW_ONE" }, "", "invalid_response"],
  ];
  for (const [status, extensions, message, code] of rows) {
    it(`maps ${JSON.stringify(extensions)} with ${status} to ${code}`, () => {
      assert.equal(failure(status, extensions, {}, message || "Something.")?.code, code);
    });
  }

  it("shows the message meant for users", () => {
    const error = failure(
      400,
      { code: "INPUT_ERROR", userPresentableMessage: "Could not find it" },
      {},
      "internal words",
    );
    assert.match(error?.message ?? "", /Could not find it/);
  });

  it("leaves successful responses alone", () => {
    assert.equal(failure(200, null), null);
  });
});

it("sends personal keys as they are and everything else as bearer", () => {
  assert.equal(linearHttp.headers({ apiKey: "lin_api_abc" })["authorization"], "lin_api_abc");
  assert.equal(linearHttp.headers({ apiKey: "Bearer lin_api_abc" })["authorization"], "lin_api_abc");
  assert.equal(linearHttp.headers({ apiKey: "lin_oauth_abc" })["authorization"], "Bearer lin_oauth_abc");
  assert.equal(linearHttp.headers({ apiKey: " Bearer abc " })["authorization"], "Bearer abc");
  assert.equal(linearHttp.baseUrl({}), "https://api.linear.app/graphql");
  assert.equal(linearHttp.baseUrl({ server: "http://127.0.0.1:1" }), "http://127.0.0.1:1/graphql");
});
