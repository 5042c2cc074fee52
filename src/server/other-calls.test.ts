import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { PanopticonError } from "../domain/error.ts";
import { type ServerHarness, startServerHarness } from "../../test/support/server-harness.ts";
import { ProblemShape } from "./contract/problem.ts";
import { ProjectShape, ProjectsShape, ViewShape, ViewsShape } from "./contract/project.ts";
import { HealthShape, WatchShape } from "./contract/session.ts";
import { createWatching } from "./watching.ts";
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

test("health says that the server runs", async () => {
  const health = HealthShape.parse((await harness.send("/api/health")).json());
  assert.equal(health.version, "1.2.3");
  assert.ok(health.uptime >= 0 && health.uptime < 60);
});

test("the document describes every call, and only what there is", async () => {
  const document = (await harness.send("/api/openapi.json")).json() as {
    openapi: string;
    paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
    components: { schemas: Record<string, unknown> };
  };
  assert.match(document.openapi, /^3\.1/);
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ":$1")}`),
  );
  const served = new Set(
    harness.server.app.routes
      .filter((route) => route.method !== "ALL" && route.path.startsWith("/api/"))
      .map((route) => `${route.method} ${route.path}`),
  );
  served.delete("GET /api/openapi.json");
  // What trackers call lies beside the API, under the address that only they use.
  served.add("POST /webhooks/:tracker");
  assert.deepEqual(described.toSorted(), [...served].toSorted());
  for (const name of ["Issue", "Board", "Problem", "Trackers", "Validation"])
    assert.ok(document.components.schemas[name]);
  // Every reference leads somewhere.
  for (const [, name = ""] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    assert.ok(document.components.schemas[name], name);
  }
});

describe("trackers", () => {
  test("every known tracker is there, with no secret in it", async () => {
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

  test("syncing answers when it is done, with what failed", async () => {
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
    // The tracker's refusal is not ours.
    assert.equal(result.failures[0]?.problem.status, 502);
    assert.deepEqual(which, { connection: "alpha", sweep: true });
    await harness.ask("/api/trackers/all/sync", { method: "POST" });
    assert.deepEqual(which, { sweep: false });
    const unknown = await harness.ask("/api/trackers/alhpa/sync", { method: "POST" });
    assert.equal(unknown.status, 404);
    assert.deepEqual(problemOf(unknown).candidates, ["alpha"]);
  });

  test("sources are what the credentials see, with the project that has them", async () => {
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

  test("a tracker without credentials says which", async () => {
    const { connections } = harness.config.current();
    harness.config.change({ connections: connections.filter((connection) => connection.id !== "beta") });
    const answer = await harness.ask("/api/sources?tracker=beta");
    assert.equal(answer.status, 400);
    assert.match(problemOf(answer).hint ?? "", /BETA_TOKEN/);
    harness.config.change({ connections });
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

  test("answers bad input in its own shape", async () => {
    for (const [body, message] of [
      [{}, /"token" is missing/],
      ["", /"token" is missing/],
      [{ token: "  " }, /"token" is missing/],
      [{ tokn: "x" }, /token/],
      [{ token: 7 }, /text/],
      ["{", /not JSON/],
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

  test("from a program never uses stored credentials, with the session neither", async () => {
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

  test("from the dashboard an empty body tests the stored ones", async () => {
    harness.sync.answers.listSources = async () => [
      { id: "1", key: "acme/app", name: "app", url: null, readable: true, reason: null },
    ];
    const answer = await validate({}, browser());
    assert.equal(answer.status, 200);
    assert.equal(ValidationShape.parse(answer.json()).account.login, "stored");
    const other = await validate({ connection: "work" }, browser());
    assert.match(ValidationFailureShape.parse(other.json()).error, /\bwork\b/);
  });

  test("from the dashboard stored credentials go to no other server", async () => {
    const answer = await validate({ server: "https://evil.example" }, browser());
    assert.equal(answer.status, 400);
    assert.match(ValidationFailureShape.parse(answer.json()).error, /"token" is missing/);
  });

  test("from a browser needs the session", async () => {
    const answer = await validate(
      { token: "good" },
      { origin: `http://127.0.0.1:${harness.port}`, "sec-fetch-site": "same-origin" },
    );
    assert.equal(answer.status, 401);
  });
});

describe("projects", () => {
  test("are listed, added, changed and removed", async () => {
    const { projects } = ProjectsShape.parse((await harness.ask("/api/projects")).json());
    assert.deepEqual(
      projects.map((project) => project.id),
      ["app", "site", "copy"],
    );
    const added = await harness.ask("/api/projects", { method: "POST", body: { name: "Corner Shop!" } });
    assert.equal(added.status, 201);
    assert.equal(added.headers.location, "/api/projects/corner-shop");
    assert.equal(ProjectShape.parse(added.json()).name, "Corner Shop!");
    const taken = await harness.ask("/api/projects", { method: "POST", body: { id: "corner-shop" } });
    assert.equal(taken.status, 409);
    const changed = await harness.ask("/api/projects/corner-shop", { method: "PATCH", body: { history: "all" } });
    assert.equal(ProjectShape.parse(changed.json()).history, "all");
    assert.equal((await harness.ask("/api/projects/corner-shop", { method: "DELETE" })).status, 204);
    const gone = await harness.ask("/api/projects/corner-shop");
    assert.equal(gone.status, 404);
    assert.deepEqual(problemOf(await harness.ask("/api/projects/sites")).candidates, ["site"]);
    const far = problemOf(await harness.ask("/api/projects/zzzzzzzz"));
    assert.deepEqual([far.hint, far.candidates], ["There are: app, site, copy.", ["app", "site", "copy"]]);
    for (const [method, path] of [
      ["PATCH", "/api/projects/site"],
      ["POST", "/api/projects"],
    ] as const) {
      const number = await harness.ask(path, { method, body: { name: 5 } });
      assert.equal(number.status, 400);
      assert.match(problemOf(number).detail, /name: must be a text/);
    }
    const five = await harness.ask("/api/projects/site", { method: "PATCH", body: { name: "5" } });
    assert.equal(ProjectShape.parse(five.json()).name, "5");
    assert.equal((await harness.ask("/api/projects", { method: "POST", body: {} })).status, 400);
  });
});

describe("views", () => {
  test("with words that a list would not take are refused with the nearest", async () => {
    for (const [query, candidate] of [
      ["status=dnoe", "done"],
      ["?tracker=alhpa&label=bug", "alpha"],
      ["labl=bug", "label"],
      ["sort=-updatd", "updated"],
    ] as const) {
      const refused = await harness.ask("/api/views", { method: "POST", body: { name: "Typo", query } });
      assert.equal(refused.status, 400, query);
      assert.deepEqual(problemOf(refused).candidates, [candidate]);
    }
    const grouped = { name: "Grouped", query: "?q=x&sort=-updated&group=assignee" };
    assert.equal((await harness.ask("/api/views", { method: "POST", body: grouped })).status, 201);
  });

  test("are saved and removed", async () => {
    const added = await harness.ask("/api/views", { method: "POST", body: { name: "Bugs", query: "label=bug" } });
    assert.equal(added.status, 201);
    const view = ViewShape.parse(added.json());
    const { views } = ViewsShape.parse((await harness.ask("/api/views")).json());
    assert.ok(views.some((saved) => saved.id === view.id && saved.query === "label=bug"));
    const path = `/api/views/${encodeURIComponent(view.id)}`;
    assert.equal((await harness.ask(path, { method: "DELETE" })).status, 204);
    assert.equal((await harness.ask(path, { method: "DELETE" })).status, 404);
  });
});

describe("watching", () => {
  test("counts while it is said", async () => {
    const watch = (client: string, board: boolean) =>
      harness.ask("/api/watch", { method: "POST", body: { client, board, issue: null } });
    WatchShape.parse((await watch("one", true)).json());
    await watch("one", true);
    await watch("two", true);
    assert.deepEqual([...harness.sync.watching], ["board"]);
    await watch("one", false);
    await watch("two", false);
    assert.deepEqual([...harness.sync.watching], []);
    const absent = await harness.ask("/api/watch", {
      method: "POST",
      body: { client: "one", board: true, issue: "MIN-12345" },
    });
    assert.equal(absent.status, 404);
    assert.deepEqual([...harness.sync.watching], ["board"]);
    await watch("one", false);
  });

  test("ends by itself when nobody says it again", async () => {
    const watching = createWatching(harness.sync, 30);
    const events = Promise.withResolvers<void>();
    watching.say("one", { board: true, issueId: 7 });
    assert.deepEqual([...harness.sync.watching], ["board", "issue 7"]);
    const watch = harness.sync.watching;
    const remove = watch.delete.bind(watch);
    watch.delete = (name) => {
      const removed = remove(name);
      if (watch.size === 0) events.resolve();
      return removed;
    };
    // The lease does not keep the process alive; this does.
    const alive = setTimeout(() => events.reject(new Error("the lease did not end")), 5000);
    await events.promise;
    clearTimeout(alive);
    assert.equal(watch.size, 0);
  });
});

describe("bodies", () => {
  test("that cannot be used are refused as such", async () => {
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

  test("what goes wrong inside says nothing of the inside", async () => {
    harness.sync.answers.syncNow = () => Promise.reject(new TypeError("secret token in /home/ada"));
    const answer = await harness.ask("/api/trackers/alpha/sync", { method: "POST" });
    assert.equal(answer.status, 500);
    assert.ok(!answer.text.includes("secret"));
    assert.equal(problemOf(answer).code, "internal");
  });

  test("unknown calls are not found", async () => {
    assert.equal(problemOf(await harness.ask("/api/nothing")).code, "not_found");
    assert.equal((await harness.ask("/api/nothing", { method: "POST", body: {} })).status, 404);
  });

  test("a known call with another method says which ones it takes", async () => {
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

  test("an address of the API never gets the dashboard", async () => {
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

test("the server listens on this machine only, and says when its port is taken", async () => {
  const { createServer } = await import("./server.ts");
  await assert.rejects(createServer(harness.services, { host: "0.0.0.0", port: 0 }).start(), (error) => {
    assert.ok(error instanceof PanopticonError);
    assert.equal(error.code, "invalid_input");
    assert.match(error.hint ?? "", /ssh -N -L/);
    return true;
  });
  await assert.rejects(createServer(harness.services, { port: harness.port }).start(), { code: "busy" });
});
