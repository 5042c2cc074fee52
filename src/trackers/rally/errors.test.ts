import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readFailure } from "./errors.ts";

const now = Date.UTC(2026, 10, 22);
const query = "((A = 1) AND (B = 2) AND (C = 3))";
const request = `GET https://rally1.rallydev.com/slm/webservice/v2.0/artifact?query=${encodeURIComponent(query)}&workspace=%2Fworkspace%2F1`;
const context = { now, attempt: 1, request, toLocal: (ms: number) => ms };

function failure(status: number, body: unknown, headers: Record<string, string> = {}, attempt = 1) {
  return readFailure({ status, headers: new Headers(headers), body, text: "" }, { ...context, attempt });
}

const list = (...Errors: string[]) => ({ QueryResult: { Errors, Warnings: [], Results: [] } });
const operation = (...Errors: string[]) => ({ OperationResult: { Errors, Warnings: [] } });

describe("errors with status 200", () => {
  it("shows a query that does not parse, with the likely cause", () => {
    const words = 'Could not parse: Error parsing expression -- expected ")" but saw "AND" instead.';
    const error = failure(200, list(words));
    assert.equal(error?.code, "invalid_input");
    assert.ok(error.message.includes(words) && error.message.includes(query), error.message);
    assert.match(error.hint ?? "", /workspace or project.*RALLY_WORKSPACE.*key.*expired/s);
    assert.ok(error.request?.includes(query));
  });

  it("reports an unreadable workspace or project, naming every key that may contain it", () => {
    for (const words of [
      "Could not read: Cannot find object to read: /workspace/12345",
      "Could not read: could not read all instances of class com.f4tech.slm.domain.Artifact",
    ]) {
      const error = failure(200, list(words));
      assert.equal(error?.code, "not_found");
      assert.match(error.hint ?? "", /RALLY_WORKSPACE.*RALLY_PROJECT.*rally_workspace.*rally_project.*access/s);
    }
    assert.equal(failure(200, operation("Cannot find object to read"))?.code, "not_found");
  });

  it("recognizes a refused or expired key, at any status", () => {
    for (const [status, body] of [
      [401, operation("Not authorized to perform action: Invalid key")],
      [200, operation("Not authorized to perform action: Invalid key")],
      [401, undefined],
    ] as const) {
      const error = failure(status, body);
      assert.equal(error?.code, "auth");
      assert.match(error.hint ?? "", /expired.*RALLY_API_KEY/);
    }
  });

  it("maps permissions, conflicts and the rest", () => {
    assert.equal(failure(200, operation("Not authorized to perform action: user may not edit"))?.code, "forbidden");
    assert.equal(failure(403, undefined)?.code, "forbidden");
    assert.equal(failure(200, operation("Validation error: Name must not be empty"))?.code, "invalid_input");
    assert.equal(failure(404, undefined)?.code, "not_found");
  });

  it("reads an ignored field as a refusal, and other warnings as none", () => {
    const warn = (warning: string) => ({ OperationResult: { Errors: [], Warnings: [warning] } });
    const error = failure(200, warn("Ignored JSON element defect.c_Nothing during processing of this request."));
    assert.equal(error?.code, "invalid_input");
    assert.match(error.message, /c_Nothing/);
    assert.equal(failure(200, warn("It is no longer necessary to append .js to WSAPI resources.")), null);
  });

  it("reports why a write was refused, with Rally's message", () => {
    const refusal = (words: string, path = "defect/7") =>
      readFailure(
        { status: 200, headers: new Headers(), body: operation(words), text: "" },
        { ...context, request: `POST https://rally1.rallydev.com/slm/webservice/v2.0/${path}` },
      );
    for (const [words, code] of [
      ["Concurrency conflict: [Object has been modified since being read for update in this context]", "conflict"],
      ["Not authorized to create: HierarchicalRequirement", "forbidden"],
      ["Could not read: Could not read Defect 7 to update.", "not_found"],
      ["Validation error: Defect.Name length is greater than the maximum length of 256", "invalid_input"],
      ['Could not parse: Cannot convert "x" into a date.', "invalid_input"],
    ] as const) {
      const error = refusal(words);
      assert.equal(error?.code, code);
      assert.ok(error.message.includes(words.replace(/\.$/, "")), error.message);
      assert.doesNotMatch(error.message, /query/);
    }
  });

  it("accepts a create that left out a field, and ignores a left-out version", () => {
    const warned = (path: string, warning: string) =>
      readFailure(
        {
          status: 200,
          headers: new Headers(),
          body: { OperationResult: { Errors: [], Warnings: [warning] } },
          text: "",
        },
        { ...context, request: `POST https://rally1.rallydev.com/slm/webservice/v2.0/${path}` },
      );
    const ignored = (name: string) => `Ignored JSON element defect.${name} during processing of this request.`;
    assert.equal(warned("defect/create?fetch=Name", ignored("c_Nothing")), null);
    assert.equal(warned("defect/7", ignored("VersionId")), null);
    assert.equal(warned("defect/7", ignored("c_VersionIdea"))?.code, "invalid_input");
  });
});

describe("rate limits", () => {
  it("uses Retry-After, else a growing wait from one minute", () => {
    assert.equal(failure(429, undefined, { "retry-after": "30" })?.retryAt, now + 30_000);
    assert.equal(failure(503, undefined, { "retry-after": "5" })?.code, "rate_limited");
    assert.equal(failure(429, undefined)?.retryAt, now + 60_000);
    assert.equal(failure(429, undefined, {}, 3)?.retryAt, now + 240_000);
  });

  it("leaves successful responses and server errors alone", () => {
    assert.equal(failure(200, list()), null);
    for (const status of [304, 500, 502, 503, 524]) assert.equal(failure(status, undefined), null);
  });
});
