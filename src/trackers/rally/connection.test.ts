import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { systemClock } from "../../domain/clock.ts";
import { hasCode } from "../conformance/assert-code.ts";
import { startLocalServer } from "../conformance/local-server.ts";
import { assertMirrors, createMirror } from "../conformance/mirror.ts";
import { setStage } from "../conformance/stage.ts";
import { createHttpClient } from "../http/create-http-client.ts";
import { rally } from "./index.ts";
import { rallySubject as subject } from "./subject.ts";

const signal = new AbortController().signal;

describe("every list", () => {
  it("names the workspace, the project and its children, and requests at most what Rally allows", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 300 });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    await connection.describe(source, {});
    await Array.fromAsync(connection.sweep(source, signal));
    const [workspace, project] = source.key.split("/");
    const asked = emulator.requests.list().map(({ url }) => new URL(url, emulator.url));
    for (const { pathname, searchParams } of asked) {
      if (/\/(?:user|workspace|project\/\d+)$/.test(pathname)) continue;
      assert.equal(searchParams.get("workspace"), `/workspace/${workspace}`, pathname);
      if (!pathname.endsWith("/artifact")) continue;
      assert.equal(searchParams.get("project"), `/project/${project}`);
      assert.equal(searchParams.get("projectScopeDown"), "true");
      assert.equal(searchParams.get("projectScopeUp"), "false");
    }
  });

  it("is logged with its query in readable form, and without the key", async (t) => {
    const { open, source, emulator } = await setStage(t, subject, { issues: 20 });
    const lines: string[] = [];
    const { connection } = open({ log: (line) => lines.push(line) });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    await mirror.pull(connection, source);
    assert.match(lines.join("\n"), /^query \(LastUpdateDate >= "20\d\d-[^"]+Z"\)$/m);
    assert.ok(!lines.join("\n").includes(emulator.credentials["RALLY_API_KEY"] ?? "-"));
  });
});

describe("a large page", () => {
  it("is split into parts, and an interrupted run resumes after the last one", async (t) => {
    const whole = { ...subject, emulator: { largestPage: 2_000 } };
    const { connection, source, emulator } = await setStage(t, whole, { issues: 700 });
    const mirror = createMirror();
    const { pages } = await mirror.pull(connection, source);
    assertMirrors(mirror, emulator.world.issues(source.key));
    // The last record of a page is read again with the next page, which starts at its time.
    assert.deepEqual(
      pages.map(({ changes }) => changes.length),
      [250, 249, 201],
    );
    assert.deepEqual(
      pages.map(({ progress }) => progress),
      [250, 499, 700].map((done) => ({ done, total: 700 })),
    );
    const sizes = emulator.requests
      .list()
      .filter(subject.isListRequest)
      .map(({ url }) => new URL(url, emulator.url).searchParams.get("pagesize"));
    assert.deepEqual(sizes, ["250", "2000"], "a first run begins with a small page");

    const broken = createMirror();
    await broken.pull(connection, source, { breakAfter: 1 });
    const rest = await broken.pull(connection, source);
    const read = rest.pages.reduce((sum, { changes }) => sum + changes.length, 0);
    assert.equal(read, 450);
    assertMirrors(broken, emulator.world.issues(source.key));
  });
});

describe("a project", () => {
  it("contains its child projects, but not its siblings", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 20, sources: 2 });
    const below = emulator.world.addSource?.(source.key, "Docks") ?? "";
    const deeper = emulator.world.addSource?.(below, "Dock 7") ?? "";
    const made = [below, deeper].map((key) => emulator.world.create(key, { title: "down there" }).nativeId);
    const mirror = createMirror();
    await mirror.pull(connection, source);
    assert.equal(mirror.issues.size, 12);
    const { vocabulary } = await connection.describe(source, {});
    const states = new Set(vocabulary.states.map(({ id }) => id));
    for (const id of made) assert.ok(states.has(mirror.issues.get(id)?.stateId ?? ""));
    const sources = await Array.fromAsync(connection.sources());
    assert.ok(sources.some(({ key, name }) => key === deeper && name === "Dock 7"));
    assert.equal((await connection.read(source, made[1] ?? "", "")).kind, "issue");
  });

  it("is found by its number alone, with one request once", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 30 });
    const alone = { ...source, key: source.key.split("/")[1] ?? "" };
    const mirror = createMirror();
    await mirror.pull(connection, alone);
    assert.equal(mirror.issues.size, 30);
    emulator.requests.clear();
    await mirror.pull(connection, alone);
    assert.equal(emulator.requests.count(), 1);
    assert.equal((await connection.describe(alone, {})).info.key, source.key);
  });

  it("in another workspace names it", async (t) => {
    const { connection, source } = await setStage(t, subject, { issues: 5 });
    const [workspace = "", project = ""] = source.key.split("/");
    const wrong = { ...source, key: `${Number(workspace) + 1}/${project}` };
    await assert.rejects(
      connection.describe(wrong, {}),
      hasCode("not_found", (error) => (error.hint ?? "").includes(`rally_workspace: ${workspace}`)),
    );
  });
});

describe("items", () => {
  it("have Rally's types, prefixes, parents, time boxes and priorities", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 600 });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    const issues = [...mirror.issues.values()];
    const types = new Set(issues.map(({ type, key }) => `${type} ${key.replace(/\d+$/, "")}`));
    assert.deepEqual([...types].sort(), ["Defect DE", "Feature F", "Task TA", "User Story US"]);
    const parents = new Set(
      issues.flatMap(({ type, parentId }) =>
        parentId === null ? [] : [`${type} of ${mirror.issues.get(parentId)?.type ?? "?"}`],
      ),
    );
    for (const one of [
      "User Story of Feature",
      "User Story of User Story",
      "Task of User Story",
      "Task of Defect",
      "Defect of User Story",
    ]) {
      assert.ok(parents.has(one), `${one} in ${[...parents].join(", ")}`);
    }
    const { vocabulary } = await connection.describe(source, {});
    const cycles = new Map(vocabulary.cycles.map((cycle) => [cycle.id, cycle]));
    const kinds = new Set(
      issues.flatMap(({ cycleId, type }) => (cycleId === null ? [] : [`${type} ${cycleId.split(":")[0]}`])),
    );
    assert.ok(kinds.has("User Story iteration") && kinds.has("Feature release") && !kinds.has("Feature iteration"));
    for (const { cycleId } of issues) {
      const cycle = cycleId === null ? undefined : cycles.get(cycleId);
      assert.ok(
        cycleId === null || (cycle?.startsAt != null && cycle.endsAt !== null && cycle.startsAt < cycle.endsAt),
      );
    }
    for (const { type, nativePriority, estimate } of issues) {
      assert.equal(nativePriority !== null, type === "Defect");
      if (type === "Feature") assert.equal(estimate, null);
    }
    assert.ok(issues.some(({ url }) => new RegExp(`^${emulator.url}/#/detail/portfolioitem/feature/\\d+$`).test(url)));
  });

  it("wait for their predecessors, or are blocked without a predecessor", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 900 });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    const issues = [...mirror.issues.values()];
    assert.ok(issues.some(({ blockerCount }) => blockerCount === 1));
    const found = new Set<string>();
    for (const { nativeId, key, relations } of issues) {
      if (relations !== null) {
        assert.deepEqual(relations, []);
        continue;
      }
      const read = await connection.read(source, nativeId, key);
      assert.ok(read.kind === "issue" && read.issue.relations !== null && read.issue.relations.length > 0);
      for (const { type, targetId } of read.issue.relations) {
        found.add(type);
        assert.ok(emulator.world.issues().some((one) => one.nativeId === targetId));
      }
    }
    assert.deepEqual([...found].sort(), ["blocked_by", "blocks", "duplicates"]);
  });

  it("show images of their text from the tracker's own host", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 60 });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    const shown = [...mirror.issues.values()].flatMap(({ body }) => /!\[[^\]]*\]\(([^)]+)\)/.exec(body)?.[1] ?? []);
    assert.ok(shown.length > 0);
    for (const url of shown) {
      assert.ok(url.startsWith(`${emulator.url}/slm/attachment/`));
      const file = await connection.openFile(url);
      assert.equal(file.contentType, "image/png");
      await file.stream.cancel();
    }
    const face = (await connection.describe(source, {})).vocabulary.people[0]?.avatarUrl ?? "";
    await (await connection.openFile(face)).stream.cancel();
  });
});

describe("a scope that is too large to read twice", () => {
  it("is read type by type, finished work separately and only inside the history window", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, {
      issues: 20_500,
      largestPage: 2000,
      closed: 0.6,
    });
    const historyMs = 60 * 24 * 60 * 60_000;
    const windowed = { ...source, historyMs };
    const mirror = createMirror();
    await mirror.pull(connection, windowed, { breakAfter: 4 });
    await mirror.pull(connection, windowed);
    const inside = emulator.world.issues().filter((one) => !one.closed || one.updatedAt >= Date.now() - historyMs);
    assert.equal(mirror.issues.size, inside.length);
    const paths = new Set(emulator.requests.list().map(({ url }) => new URL(url, emulator.url).pathname));
    assert.ok(paths.has("/slm/webservice/v2.0/portfolioitem/feature"));
    emulator.requests.clear();
    await mirror.pull(connection, windowed);
    assert.equal(emulator.requests.count(), 1, "increments are one list again");
  });
});

describe("a server whose lists of all types contain no states", () => {
  it("is read one type after the other", async (t) => {
    const base = { CreationDate: "2026-01-01T00:00:00.000Z", LastUpdateDate: "2026-01-02T00:00:00.000Z" };
    const project = { _ref: "https://r.example/slm/webservice/v2.0/project/2" };
    const story = {
      ...base,
      _type: "HierarchicalRequirement",
      ObjectID: 11,
      FormattedID: "S1",
      Name: "Story",
      Project: project,
    };
    const defect = { ...base, _type: "Defect", ObjectID: 12, FormattedID: "D1", Name: "Defect", Project: project };
    const types = [
      { ObjectID: 1, ElementName: "HierarchicalRequirement", TypePath: "HierarchicalRequirement" },
      { ObjectID: 2, ElementName: "Defect", TypePath: "Defect" },
    ];
    const lists: Record<string, unknown[]> = {
      typedefinition: types,
      state: [],
      artifact: [story, defect],
      hierarchicalrequirement: [{ ...story, ScheduleState: "In-Progress" }],
      defect: [{ ...defect, ScheduleState: "Defined", State: "Submitted" }],
    };
    const server = await startLocalServer((request, response) => {
      const url = new URL(request.url, "http://localhost");
      const all = lists[url.pathname.split("/").at(-1) ?? ""] ?? [];
      // Nothing is finished.
      const results = /State = "Closed"|AcceptedDate != null/.test(url.searchParams.get("query") ?? "") ? [] : all;
      response.writeHead(200, { "content-type": "application/json" });
      response.end(
        JSON.stringify({
          QueryResult: {
            Errors: [],
            Warnings: [],
            TotalResultCount: results.length,
            StartIndex: 1,
            PageSize: 200,
            Results: results,
          },
        }),
      );
    });
    t.after(() => server.close());
    const { client } = createHttpClient({
      policy: rally.http,
      values: { apiKey: "_key", server: server.url },
      clock: systemClock,
      userAgent: "Panopticon/test",
    });
    const connection = rally.connect(client);
    const mirror = createMirror();
    const source = { key: "1/2", historyMs: null, nativeId: null };
    await mirror.pull(connection, source);
    assert.deepEqual([...mirror.issues.values()].map(({ stateId }) => stateId).sort(), [
      "defect:Submitted:Defined",
      "story:In-Progress",
    ]);
    const before = server.seen.length;
    await mirror.pull(connection, source);
    assert.deepEqual(
      server.seen.slice(before).map(({ url }) => new URL(url, server.url).pathname.split("/").at(-1)),
      ["hierarchicalrequirement", "defect"],
    );
    const read = await connection.read(source, "11", "S1");
    assert.ok(read.kind === "issue" && read.issue.key === "S1");
  });
});

describe("warnings", () => {
  it("of Rally about the list are shown with the source if they matter", async (t) => {
    const project = { ObjectID: 2, Name: "Two", Workspace: { _ref: "/workspace/1" } };
    const Warnings = [
      "Ignored the value of types: nothing",
      "It is no longer necessary to append .js to WSAPI resources.",
    ];
    const server = await startLocalServer((request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const list = { Errors: [], TotalResultCount: 0, StartIndex: 1, PageSize: 200, Results: [] };
      response.end(
        JSON.stringify(
          request.url.includes("/project/2?")
            ? { Project: project }
            : { QueryResult: request.url.includes("/artifact?") ? { ...list, Warnings } : { ...list, Warnings: [] } },
        ),
      );
    });
    t.after(() => server.close());
    const { client } = createHttpClient({
      policy: rally.http,
      values: { apiKey: "_key", server: server.url },
      clock: systemClock,
      userAgent: "Panopticon/test",
    });
    const { warnings } = await rally.connect(client).describe({ key: "1/2", historyMs: null, nativeId: null }, {});
    assert.deepEqual(
      warnings?.map(({ message }) => message),
      ["Rally sent a warning with the list of items: Ignored the value of types: nothing"],
    );
  });
});
