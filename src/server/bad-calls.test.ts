import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { after, before } from "../../test/support/hooks.ts";
import { type ServerHarness, startServerHarness } from "../../test/support/server-harness.ts";
import { ProblemShape } from "./contract/problem.ts";

let harness: ServerHarness;

before(async () => {
  harness = await startServerHarness();
});
after(() => harness.close());

const problemOf = (answer: { json(): unknown }) => ProblemShape.parse(answer.json());

describe("bad calls", () => {
  test("refuses unusable bodies", async () => {
    for (const [body, headers, status] of [
      ["{", {}, 400],
      ["null", {}, 400],
      ['"text"', {}, 400],
      ['{"name": 7}', {}, 400],
      ['{"name": ""}', {}, 400],
      ["name=x", { "content-type": "application/x-www-form-urlencoded" }, 415],
      [JSON.stringify({ name: "x", query: "y".repeat(4_100_000) }), {}, 413],
    ] as const) {
      const answer = await harness.ask("/api/views", { method: "POST", body, headers });
      assert.equal(answer.status, status, body.slice(0, 40));
      const problem = problemOf(answer);
      assert.equal(problem.code, "invalid_input");
      assert.equal(problem.status, status);
    }
  });

  test("an internal error reveals no internals", async () => {
    harness.sync.answers.syncNow = () => Promise.reject(new TypeError("secret token in /home/ada"));
    const answer = await harness.ask("/api/trackers/alpha/sync", { method: "POST" });
    assert.equal(answer.status, 500);
    assert.ok(!answer.text.includes("secret"));
    assert.equal(problemOf(answer).code, "internal");
  });

  test("refuses an unknown parameter, with the nearest known one", async () => {
    for (const [path, detail, hint] of [
      ["/api/history?trackr=alpha", "This call has no parameter “trackr”.", "Did you mean “tracker”?"],
      ["/api/outbox?limt=5", "This call has no parameter “limt”.", "Did you mean “limit”?"],
      ["/api/agents?state=running", "This call has no parameter “state”.", "Available: limit, cursor."],
      ["/api/facets?tracker=alpha", "This call has no parameter “tracker”.", "It has no parameters."],
      ["/api/issues/app%231?comments=true", "This call has no parameter “comments”.", "Available: known."],
      ["/api/board?assigne=me", "There is no filter called “assigne”.", "Did you mean “assignee”?"],
      ["/api/board?cursor=x", "The board itself has no cursor.", /^Each column has one\. Pass it to GET \/api\/issues/],
    ] as const) {
      const answer = await harness.ask(path);
      assert.equal(answer.status, 400, path);
      const problem = problemOf(answer);
      assert.deepEqual([problem.code, problem.detail], ["invalid_input", detail]);
      if (typeof hint === "string") assert.equal(problem.hint, hint);
      else assert.match(problem.hint ?? "", hint);
    }
  });

  test("answers unknown calls with not found", async () => {
    assert.equal(problemOf(await harness.ask("/api/nothing")).code, "not_found");
    assert.equal((await harness.ask("/api/nothing", { method: "POST", body: {} })).status, 404);
  });

  test("answers a known call with another method with the allowed methods", async () => {
    for (const [method, path, allowed] of [
      ["POST", "/api/board", "GET, HEAD"],
      ["PUT", "/api/issues/app%231", "GET, HEAD, PATCH"],
      ["GET", "/api/undo", "POST"],
      ["DELETE", "/api/projects", "GET, HEAD, POST"],
      ["GET", "/webhooks/alpha", "POST"],
    ] as const) {
      const answer = await harness.ask(path, { method, ...(method[0] === "P" && { body: {} }) });
      assert.equal(answer.status, 405, `${method} ${path}`);
      assert.equal(answer.headers["allow"], allowed);
      assert.equal(problemOf(answer).code, "unsupported");
    }
    const unknown = await harness.send("/api/board", {
      method: "POST",
      body: {},
      headers: { host: `127.0.0.1:${harness.port}` },
    });
    assert.equal(unknown.status, 401, "without a session nothing is told");
  });

  test("never serves the dashboard at an address of the API", async () => {
    for (const path of [
      "/api",
      "/api/",
      "/api/nothing.css",
      "//api/board",
      "/API/board",
      "/webhooks",
      "/api?token=x",
    ]) {
      const answer = await harness.ask(path);
      assert.equal(answer.status, 404, path);
      assert.match(String(answer.headers["content-type"]), /problem\+json/, path);
    }
  });
});
