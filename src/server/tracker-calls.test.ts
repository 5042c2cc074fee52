import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { after, before } from "../../test/support/hooks.ts";
import { PanopticonError } from "../domain/error.ts";
import { type ServerHarness, startServerHarness } from "../../test/support/server-harness.ts";
import { ProblemShape } from "./contract/problem.ts";
import {
  SourcesShape,
  SyncResultShape,
  TrackersShape,
  ValidationFailureShape,
  ValidationShape,
} from "./contract/tracker.ts";

let harness: ServerHarness;

before(async () => {
  harness = await startServerHarness();
});
after(() => harness.close());

const problemOf = (answer: { json(): unknown }) => ProblemShape.parse(answer.json());

describe("trackers", () => {
  test("lists every known tracker, without secrets", async () => {
    harness.sync.statuses = [
      {
        connection: "alpha",
        tracker: "alpha",
        server: "https://alpha.example",
        health: "limited",
        account: { id: "p1", login: "ada", name: "Ada", scopes: ["read"], missing: ["It cannot read teams."] },
        budget: { limit: 5000, remaining: 12, resetAt: Date.UTC(2026, 10, 22) },
        requests: 77,
        lastSyncAt: Date.UTC(2026, 10, 21),
        nextSyncAt: null,
        error: new PanopticonError("rate_limited", "Alpha asks to wait.", { hint: "It goes on by itself." }),
        progress: { done: 10, total: null },
      },
    ];
    const answer = await harness.ask("/api/trackers");
    assert.ok(!answer.text.includes("stored-secret"));
    const { trackers } = TrackersShape.parse(answer.json());
    assert.deepEqual(
      trackers.map((tracker) => [tracker.id, tracker.health]),
      [
        ["alpha", "limited"],
        ["beta", "not_configured"],
      ],
    );
    const [first] = trackers;
    assert.deepEqual(first?.sources.map((source) => source.id).toSorted(), [
      "alpha:acme/app",
      "alpha:acme/site",
      "alpha:other/site",
    ]);
    assert.equal(first?.error?.message, "Alpha asks to wait.");
    const [token] = first?.credentials ?? [];
    assert.equal(token?.present, true);
    assert.equal(token?.origin, "ALPHA_TOKEN in the environment");
  });

  test("a warning of some sources names them, one of all is reported once", async () => {
    const warned = async (warnings: Readonly<Record<string, readonly string[]>>) => {
      for (const { id, config } of await harness.store.sources.list()) {
        const messages = warnings[config.id];
        if (messages === undefined) continue;
        const stored = messages.map((message) => ({ code: "invalid_input" as const, message, hint: null, at: 1 }));
        await harness.store.sources.saveSync(id, { warnings: stored });
      }
      const { trackers } = TrackersShape.parse((await harness.ask("/api/trackers")).json());
      return trackers[0]?.warnings.flatMap(({ message }) => (message.includes("label") ? [message] : []));
    };
    const odd = ["No such label."];
    assert.deepEqual(await warned({ "alpha:acme/app": odd }), ["acme/app: No such label."]);
    assert.deepEqual(await warned({ "alpha:acme/site": odd, "alpha:other/site": odd }), odd);
    assert.deepEqual(await warned({ "alpha:acme/app": [], "alpha:acme/site": [], "alpha:other/site": [] }), []);
  });

  test("answers a sync when it is done, with the failures", async () => {
    let which: unknown;
    harness.sync.answers.syncNow = async (given) => {
      which = given;
      return {
        changed: 3,
        removed: 1,
        requests: 4,
        failures: [{ source: "alpha:acme/app", error: new PanopticonError("auth", "No.", { tracker: "alpha" }) }],
      };
    };
    const answer = await harness.ask("/api/trackers/alpha/sync?sweep=true", { method: "POST" });
    const result = SyncResultShape.parse(answer.json());
    assert.deepEqual([result.changed, result.removed, result.requests], [3, 1, 4]);
    // The tracker's refusal is not the server's.
    assert.equal(result.failures[0]?.problem.status, 502);
    assert.deepEqual(which, { connection: "alpha", sweep: true });
    await harness.ask("/api/trackers/all/sync", { method: "POST" });
    assert.deepEqual(which, { sweep: false });
    const unknown = await harness.ask("/api/trackers/alhpa/sync", { method: "POST" });
    assert.equal(unknown.status, 404);
    assert.deepEqual(problemOf(unknown).candidates, ["alpha"]);
  });

  test("lists the sources that the credentials can see, with their projects", async () => {
    harness.sync.answers.listSources = async () => [
      { id: "1", key: "Acme/App", name: "app", url: null, readable: true, reason: null },
      { id: "2", key: "acme/hidden", name: "hidden", url: null, readable: false, reason: "Issues are off." },
    ];
    const { sources } = SourcesShape.parse((await harness.ask("/api/sources?tracker=alpha")).json());
    assert.deepEqual(
      sources.map((source) => source.project),
      ["app", null],
    );
    harness.sync.answers.listSources = () =>
      Promise.reject(new PanopticonError("auth", "The token was refused.", { tracker: "alpha" }));
    const failed = await harness.ask("/api/sources?tracker=alpha");
    assert.equal(failed.status, 502);
    assert.equal(problemOf(failed).code, "auth");
    assert.equal((await harness.ask("/api/sources")).status, 400);
    assert.equal((await harness.ask("/api/sources?tracker=nothing")).status, 404);
  });

  test("reports which credentials a tracker lacks", async () => {
    const { connections } = harness.config.current();
    harness.config.change({ connections: connections.filter((connection) => connection.id !== "beta") });
    const answer = await harness.ask("/api/sources?tracker=beta");
    assert.equal(answer.status, 400);
    assert.match(problemOf(answer).hint ?? "", /BETA_TOKEN/);
    harness.config.change({ connections });
  });

  test("hints name the files where they are; other texts stay", async () => {
    const [status] = harness.sync.statuses;
    assert.ok(status);
    const message = `Not set. "hint":"~/.panopticon.env"`;
    const error = new PanopticonError("auth", message, { hint: `Add "it" to ~/.panopticon.env.` });
    harness.sync.statuses = [{ ...status, error }];
    const { trackers } = TrackersShape.parse((await harness.ask("/api/trackers")).json());
    assert.equal(trackers[0]?.error?.hint, `Add "it" to ${harness.services.paths.envFile}.`);
    assert.equal(trackers[0].error.message, message);
    const refused = await harness.ask("/api/alpha/validate", { method: "POST", body: {} });
    assert.ok(!refused.text.includes("~/.panopticon.env"));
    harness.sync.statuses = [status];
  });
});

describe("validate", () => {
  const validate = (body: unknown, headers: Record<string, string> = {}, tracker = "alpha") =>
    harness.send(`/api/${tracker}/validate`, { method: "POST", body, headers });
  const browser = () => ({
    origin: `http://127.0.0.1:${harness.port}`,
    "sec-fetch-site": "same-origin",
    authorization: `Bearer ${harness.token}`,
  });

  test("answers invalid input in its own format", async () => {
    for (const [body, message] of [
      [{}, /"token" is missing/],
      ["", /"token" is missing/],
      [{ token: "  " }, /"token" is missing/],
      [{ tokn: "x" }, /token/],
      [{ token: 7 }, /text/],
      ["{", /not valid JSON/],
      ["[]", /JSON object/],
      ["null", /JSON object/],
    ] as const) {
      const answer = await validate(body);
      assert.equal(answer.status, 400, JSON.stringify(body));
      const failure = ValidationFailureShape.parse(answer.json());
      assert.equal(failure.errorType, "input");
      assert.match(`${failure.error} ${failure.hint}`, message);
    }
    const unknown = ValidationFailureShape.parse((await validate({ token: "x" }, {}, "alhpa")).json());
    assert.match(unknown.hint, /alpha/);
  });

  test("never uses stored credentials for a program, even with the session", async () => {
    let verified = 0;
    harness.sync.answers.verify = async () => {
      verified += 1;
      return { id: "p1", login: "stored", name: "Stored", scopes: null, missing: [] };
    };
    for (const headers of [{}, { authorization: `Bearer ${harness.token}` }]) {
      const answer = await validate({}, headers);
      assert.equal(answer.status, 400);
    }
    assert.equal(verified, 0);
  });

  test("tests the stored credentials for an empty body from the dashboard", async () => {
    harness.sync.answers.listSources = async () => [
      { id: "1", key: "acme/app", name: "app", url: null, readable: true, reason: null },
    ];
    const answer = await validate({}, browser());
    assert.equal(answer.status, 200);
    assert.equal(ValidationShape.parse(answer.json()).account.login, "stored");
    const other = await validate({ connection: "work" }, browser());
    assert.match(ValidationFailureShape.parse(other.json()).error, /\bwork\b/);
  });

  test("sends stored credentials to no other server", async () => {
    const answer = await validate({ server: "https://evil.example" }, browser());
    assert.equal(answer.status, 400);
    assert.match(ValidationFailureShape.parse(answer.json()).error, /"token" is missing/);
  });

  test("requires the session from a browser", async () => {
    const answer = await validate(
      { token: "good" },
      { origin: `http://127.0.0.1:${harness.port}`, "sec-fetch-site": "same-origin" },
    );
    assert.equal(answer.status, 401);
  });
});
