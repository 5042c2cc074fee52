import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readBudget, readFailure } from "./errors.ts";

const now = Date.UTC(2026, 10, 22);
const context = { now, attempt: 1, request: "GET /x", toLocal: (ms: number) => ms };

function failure(status: number, headers: Record<string, string>, message = "no", attempt = 1) {
  return readFailure({ status, headers: new Headers(headers), body: { message }, text: "" }, { ...context, attempt });
}

describe("rate limits", () => {
  const reset = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(now / 1000 + 600) };

  for (const status of [403, 429]) {
    it(`uses Retry-After first, then the reset, then a growing wait from one minute (${status})`, () => {
      assert.equal(failure(status, { ...reset, "retry-after": "30" })?.retryAt, now + 30_000);
      assert.equal(failure(status, reset)?.retryAt, now + 600_000);
      const words = "You have exceeded a secondary rate limit. Please wait.";
      assert.equal(failure(status, {}, words)?.retryAt, now + 60_000);
      assert.equal(failure(status, {}, words, 3)?.retryAt, now + 240_000);
      assert.equal(failure(status, {}, words)?.code, "rate_limited");
    });
  }

  it("converts the reset to this machine's clock", () => {
    const off = { ...context, toLocal: (ms: number) => ms + 86_400_000 };
    const error = readFailure({ status: 403, headers: new Headers(reset), body: {}, text: "" }, off);
    assert.equal(error?.retryAt, now + 600_000 + 86_400_000);
  });

  it("does not read a refusal as a rate limit while budget is left", () => {
    assert.equal(failure(403, { "x-ratelimit-remaining": "12" })?.code, "forbidden");
    assert.equal(failure(403, {})?.code, "forbidden");
  });

  it("reads only the core budget, and accepts missing headers", () => {
    const headers = { "x-ratelimit-limit": "5000", "x-ratelimit-remaining": "4990", "x-ratelimit-reset": "1795352400" };
    const budget = { limit: 5000, remaining: 4990, resetAt: 1795352400_000 };
    assert.deepEqual(readBudget({ headers: new Headers({ ...headers, "x-ratelimit-resource": "core" }) }), budget);
    assert.deepEqual(readBudget({ headers: new Headers(headers) }), budget);
    assert.equal(readBudget({ headers: new Headers({ ...headers, "x-ratelimit-resource": "search" }) }), null);
    assert.equal(readBudget({ headers: new Headers() }), null);
    assert.deepEqual(
      readBudget({ headers: new Headers({ "x-ratelimit-remaining": "odd", "x-ratelimit-limit": "60" }) }),
      {
        limit: 60,
        remaining: null,
        resetAt: null,
      },
    );
  });
});

describe("refusals", () => {
  it("maps each to an error that says what to do", () => {
    assert.equal(failure(401, {}, "Bad credentials")?.code, "auth");
    assert.match(failure(401, {})?.hint ?? "", /GITHUB_TOKEN/);
    assert.match(failure(403, {}, "Resource not accessible by personal access token")?.hint ?? "", /repo/);
    assert.match(
      failure(403, { "x-github-sso": "required; url=https://github.com/orgs/o/sso?x=1" })?.hint ?? "",
      /https:\/\/github\.com\/orgs\/o\/sso/,
    );
    assert.equal(failure(404, {})?.code, "not_found");
    assert.equal(failure(410, {})?.code, "gone");
    assert.equal(failure(422, {}, "Validation Failed")?.code, "invalid_input");
  });

  it("names the field and its problem", () => {
    const refusal = (errors: unknown[]) => {
      const body = { message: "Validation Failed", errors };
      return readFailure({ status: 422, headers: new Headers(), body, text: "" }, context);
    };
    const words = (errors: unknown[]) => refusal(errors)?.message;
    assert.equal(refusal([{ resource: "Issue", field: "milestone", code: "invalid" }])?.field, "cycle");
    assert.equal(refusal([{ resource: "Label", field: "name", code: "invalid" }])?.field, "labels");
    assert.equal(refusal([])?.field, undefined);
    assert.equal(
      words([{ resource: "Issue", field: "title", code: "custom", message: "title is too long" }]),
      "GitHub rejected the request: Validation Failed: title is too long.",
    );
    assert.match(
      words([{ value: 99, resource: "Issue", field: "milestone", code: "invalid" }]) ?? "",
      /milestone 99 invalid/,
    );
    assert.match(
      words([{ resource: "Issue", field: "title", code: "missing_field" }, "and more"]) ?? "",
      /title missing_field; and more/,
    );
  });

  it("distinguishes a write beyond the token's scopes from a missing resource", () => {
    const refused = (request: string, granted: string, accepted: string) => {
      const headers = new Headers({ "x-oauth-scopes": granted, "x-accepted-oauth-scopes": accepted });
      return readFailure({ status: 404, headers, body: { message: "Not Found" }, text: "" }, { ...context, request })
        ?.code;
    };
    assert.equal(refused("POST /x", "read:user", "repo"), "forbidden");
    assert.equal(refused("PATCH /x", "", "public_repo, repo"), "forbidden");
    assert.equal(refused("PATCH /x", "repo", "public_repo"), "not_found");
    assert.equal(refused("DELETE /x", "gist, public_repo", "public_repo, repo"), "not_found");
    assert.equal(refused("POST /x", "read:user", ""), "not_found");
    assert.equal(refused("GET /x", "read:user", "repo"), "not_found");
  });

  it("leaves successful responses and server errors alone", () => {
    for (const status of [200, 304, 500, 502]) assert.equal(failure(status, {}), null);
  });
});
