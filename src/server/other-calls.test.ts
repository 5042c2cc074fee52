import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { after, before } from "../../test/support/hooks.ts";
import { PanopticonError } from "../domain/error.ts";
import { readEvents } from "../../test/support/event-reader.ts";
import { type ServerHarness, startServerHarness } from "../../test/support/server-harness.ts";
import type { ServerEvents } from "./contract/event.ts";
import { ProblemShape } from "./contract/problem.ts";
import { ProjectShape, ProjectsShape, ViewShape, ViewsShape } from "./contract/project.ts";
import { HealthShape, WatchShape } from "./contract/session.ts";
import { createWatching } from "./events/watching.ts";

let harness: ServerHarness;

before(async () => {
  harness = await startServerHarness();
});
after(() => harness.close());

const problemOf = (answer: { json(): unknown }) => ProblemShape.parse(answer.json());

test("health reports that the server runs", async () => {
  const health = HealthShape.parse((await harness.send("/api/health")).json());
  assert.equal(health.version, "1.2.3");
  assert.ok(health.uptime >= 0 && health.uptime < 60);
});

test("the document describes every existing call, and no others", async () => {
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
  // The calls for trackers are outside the API, under the address that only they use.
  served.add("POST /webhooks/:tracker");
  assert.deepEqual(described.toSorted(), [...served].toSorted());
  for (const name of ["Issue", "Board", "Problem", "Trackers", "Validation"])
    assert.ok(document.components.schemas[name]);
  // Every reference resolves.
  for (const [, name = ""] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    assert.ok(document.components.schemas[name], name);
  }
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
    assert.deepEqual([far.hint, far.candidates], ["Available: app, site, copy.", ["app", "site", "copy"]]);
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
  test("with words that a list would reject are refused, with the nearest word", async () => {
    for (const [query, candidate] of [
      ["status=dnoe", "done"],
      ["?tracker=alhpa&label=bug", "alpha"],
      ["labl=bug", "label"],
      ["sort=-updatd", "updated"],
      ["label=bug&group=asignee", "assignee"],
    ] as const) {
      const refused = await harness.ask("/api/views", { method: "POST", body: { name: "Typo", query } });
      assert.equal(refused.status, 400, query);
      assert.deepEqual(problemOf(refused).candidates, [candidate]);
    }
    const nothing = { name: "No group", query: "group=" };
    assert.equal((await harness.ask("/api/views", { method: "POST", body: nothing })).status, 400);
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
    assert.equal((await harness.ask(path, { method: "PATCH", body: { name: "Back" } })).status, 404);
  });

  test("are renamed, changed and ordered, and every listener is told", async () => {
    const reader = await readEvents(harness.port, "/api/events", { authorization: `Bearer ${harness.token}` });
    /** Events of views from before are delivered a moment later, to new listeners, too. */
    const hear = async (id: string) => {
      while (((await reader.nextOf("view")).data as ServerEvents["view"]).id !== id);
    };
    const add = async (name: string) => {
      const answer = await harness.ask("/api/views", { method: "POST", body: { name, query: "label=bug" } });
      const view = ViewShape.parse(answer.json());
      await hear(view.id);
      return view;
    };
    const first = await add("  First ");
    assert.equal(first.name, "First");
    const second = await add("Second");
    const path = `/api/views/${second.id}`;
    const markup = "<b>“Bugs”</b> & \u202eco";
    const renamed = await harness.ask(path, { method: "PATCH", body: { name: ` ${markup} ` } });
    assert.deepEqual(ViewShape.parse(renamed.json()), { ...second, name: markup });
    await hear(second.id);
    const moved = await harness.ask(path, { method: "PATCH", body: { query: "label=a", position: first.position } });
    const now = { ...second, name: markup, query: "label=a", position: first.position };
    assert.deepEqual(ViewShape.parse(moved.json()), now);
    await hear(second.id);
    const { views } = ViewsShape.parse((await harness.ask("/api/views")).json());
    assert.deepEqual(views.slice(-2), [now, { ...first, position: first.position + 1 }]);
    assert.equal((await harness.ask(path, { method: "DELETE" })).status, 204);
    await hear(second.id);
    reader.close();
  });

  test("are not changed by wrong input", async () => {
    const post = (name: string) => harness.ask("/api/views", { method: "POST", body: { name, query: "label=bug" } });
    const taken = ViewShape.parse((await post("Taken")).json());
    const view = ViewShape.parse((await post("Mine")).json());
    for (const [body, status, field] of [
      [{ name: "" }, 400, "name"],
      [{ name: " \t " }, 400, "name"],
      [{ name: "x".repeat(81) }, 400, "name"],
      [{ name: null }, 400, "name"],
      [{ name: "taken" }, 409, "name"],
      [{ query: "x".repeat(2001) }, 400, "query"],
      [{ query: "labl=bug" }, 400, undefined],
      [{ name: "Renamed", position: 0 }, 400, "position"],
      [{ position: 1.5 }, 400, "position"],
      [{ title: "Renamed" }, 400, "title"],
    ] as const) {
      const refused = await harness.ask(`/api/views/${view.id}`, { method: "PATCH", body });
      assert.equal(refused.status, status, JSON.stringify(body));
      assert.equal(problemOf(refused).field, field, JSON.stringify(body));
    }
    assert.equal((await post(" TAKEN ")).status, 409);
    assert.equal((await post("   ")).status, 400);
    const { views } = ViewsShape.parse((await harness.ask("/api/views")).json());
    assert.deepEqual(views.slice(-2), [taken, view]);
  });
});

describe("watching", () => {
  test("lasts while it is renewed", async () => {
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

  test("expires if nobody renews it", async () => {
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

test("the server listens only on this machine, and reports a port in use", async () => {
  const { createServer } = await import("./server.ts");
  await assert.rejects(createServer(harness.services, { host: "0.0.0.0", port: 0 }).start(), (error) => {
    assert.ok(error instanceof PanopticonError);
    assert.equal(error.code, "invalid_input");
    assert.match(error.hint ?? "", /ssh -N -L/);
    return true;
  });
  await assert.rejects(createServer(harness.services, { port: harness.port }).start(), { code: "busy" });
});
