import assert from "node:assert/strict";
import { test } from "node:test";
import { after, before } from "../../test/support/hooks.ts";
import { putIssues } from "../../test/support/put-issues.ts";
import { makeIssue } from "../../test/support/store-fixtures.ts";
import { type ServerHarness, startServerHarness } from "../../test/support/server-harness.ts";
import type { OutboxShape } from "./contract/change.ts";
import type { ProjectsShape, ViewsShape } from "./contract/project.ts";
import type { SourcesShape } from "./contract/tracker.ts";
import type { AgentsShape, WorkspacesShape } from "./contract/work.ts";

const count = 260;
let harness: ServerHarness;

before(async () => {
  harness = await startServerHarness({
    prepare: (store) =>
      putIssues(
        store,
        Array.from({ length: count }, (_, index) => makeIssue(index + 1)),
      ),
  });
  const { agents, workspaces } = harness.store.work;
  const sort = { key: "created", reverse: false } as const;
  const { issues } = await harness.store.board.issues({ filter: {}, sort, limit: count, cursor: null, me: {} });
  for (const [index, { id: issueId }] of issues.entries()) {
    const { id: workspaceId } = await workspaces.add({
      issueId,
      project: "alpha",
      repository: "/nowhere",
      path: `/nowhere/${index}`,
      branch: `feature/${index}`,
      base: "main",
      baseCommit: null,
      state: "ready",
      step: null,
      problem: null,
      notes: [],
      at: 1_000 + index,
    });
    const started = { issueId, workspaceId, project: "alpha", name: "claude", plan: false, prompt: "", actor: "you" };
    const { agent } = await agents.add({ ...started, at: 1_000 + index });
    // The first one is still running.
    if (index > 0) await agents.update(agent.id, { state: "finished", since: 2_000 + index, endedAt: 2_000 + index });
  }
});
after(() => harness.close());

async function walk<Page extends { total: number; cursor: string | null }>(path: string): Promise<Page[]> {
  const pages: Page[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const answer = await harness.ask(`${path}${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`);
    assert.equal(answer.status, 200, answer.text);
    const page = answer.json() as Page;
    pages.push(page);
    ({ cursor } = page);
  }
  return pages;
}

test("pages agents like other lists: all of them, running ones first, with the true total", async () => {
  const first = (await harness.ask("/api/agents")).json() as AgentsShape;
  assert.deepEqual([first.agents.length, first.total, first.cursor !== null], [50, count, true]);
  assert.deepEqual(
    first.agents.slice(0, 3).map(({ state, endedAt }) => [state, endedAt === null ? null : Date.parse(endedAt)]),
    [
      ["starting", null],
      ["finished", 2_000 + count - 1],
      ["finished", 2_000 + count - 2],
    ],
  );
  const pages = await walk<AgentsShape>("/api/agents?limit=100");
  assert.deepEqual(
    pages.map(({ agents, total }) => [agents.length, total]),
    [
      [100, count],
      [100, count],
      [60, count],
    ],
  );
  assert.equal(new Set(pages.flatMap(({ agents }) => agents.map(({ id }) => id))).size, count);
});

test("lists the workspaces of one issue, without looking into the others", async () => {
  const { issue } = (await harness.store.work.workspaces.list())[7] ?? assert.fail();
  const ask = async (ref: string) => harness.ask(`/api/workspaces?ref=${encodeURIComponent(ref)}`);
  const { workspaces, total, cursor } = (await ask(issue.ref)).json() as WorkspacesShape;
  assert.deepEqual([workspaces.map(({ ref }) => ref), total, cursor], [[issue.ref], 1, null]);
  assert.equal((await ask("nothing#1")).status, 404);
});

test("pages workspaces like other lists, newest first", async () => {
  const pages = await walk<WorkspacesShape>("/api/workspaces?limit=150");
  assert.deepEqual(
    pages.map(({ workspaces, total }) => [workspaces.length, total]),
    [
      [150, count],
      [110, count],
    ],
  );
  const branches = pages.flatMap(({ workspaces }) => workspaces.map(({ branch }) => branch));
  assert.deepEqual(
    branches,
    Array.from({ length: count }, (_, index) => `feature/${count - 1 - index}`),
  );
});

test("returns the outbox's true total, even above a thousand, and every page", async () => {
  const sort = { key: "created", reverse: false } as const;
  const { issues } = await harness.store.board.issues({ filter: {}, sort, limit: 1, cursor: null, me: {} });
  const issueId = issues[0]?.id ?? 0;
  const queued = 1_030;
  for (let number = 1; number <= queued; number += 1) {
    await harness.store.outbox.comment(
      issueId,
      { kind: "comment", body: `Comment ${number}` },
      { actor: "you", session: "one" },
    );
  }
  const pages = await walk<OutboxShape>("/api/outbox?limit=1000");
  assert.deepEqual(
    pages.map(({ operations, total }) => [operations.length, total]),
    [
      [1000, queued],
      [30, queued],
    ],
  );
  assert.equal(new Set(pages.flatMap(({ operations }) => operations.map(({ id }) => id))).size, queued);
});

test("pages projects like other lists, in the file's order", async () => {
  const [first] = harness.config.current().projects;
  assert.ok(first);
  const projects = Array.from({ length: count }, (_, index) => ({ ...first, id: `project-${index}`, sources: [] }));
  harness.config.change({ projects });
  const pages = await walk<ProjectsShape>("/api/projects?limit=200");
  assert.deepEqual(
    pages.map((page) => [page.projects.length, page.total]),
    [
      [200, count],
      [60, count],
    ],
  );
  assert.deepEqual(
    pages.flatMap((page) => page.projects.map(({ id }) => id)),
    projects.map(({ id }) => id),
  );
  const page = (await harness.ask("/api/projects")).json() as ProjectsShape;
  assert.deepEqual([page.projects.length, page.total], [50, count]);
});

test("pages saved views like other lists, in their order", async () => {
  const names = Array.from({ length: 60 }, (_, index) => `View ${index}`);
  for (const name of names) await harness.store.views.create({ name, query: "status=done" });
  const pages = await walk<ViewsShape>("/api/views?");
  assert.deepEqual(
    pages.map(({ views, total }) => [views.length, total]),
    [
      [50, 60],
      [10, 60],
    ],
  );
  assert.deepEqual(
    pages.flatMap(({ views }) => views.map(({ name }) => name)),
    names,
  );
});

test("pages the sources that credentials can see like other lists", async () => {
  const keys = Array.from({ length: count }, (_, index) => `acme/app-${index}`);
  let asked = 0;
  harness.sync.answers.listSources = () => {
    asked += 1;
    return Promise.resolve(
      keys.map((key, id) => ({ id: `${id}`, key, name: key, url: null, readable: true, reason: null })),
    );
  };
  const pages = await walk<SourcesShape>("/api/sources?tracker=alpha&limit=250");
  assert.deepEqual(
    pages.map(({ sources, total }) => [sources.length, total]),
    [
      [250, count],
      [10, count],
    ],
  );
  assert.deepEqual(
    pages.flatMap(({ sources }) => sources.map(({ key }) => key)),
    keys,
  );
  assert.equal(asked, 1, "the pages are of one answer");
  const page = (await harness.ask("/api/sources?tracker=alpha")).json() as SourcesShape;
  assert.deepEqual([page.sources.length, page.total], [50, count]);
  assert.equal(asked, 2, "the first page asks anew");
});

test("refuses a cursor that no list returned, and an invalid limit", async () => {
  const wrong = ["cursor=x", "limit=0", "limit=1001"];
  const lists = ["agents?", "workspaces?", "projects?", "views?", "sources?tracker=alpha&"];
  for (const path of lists.flatMap((list) => wrong.map((each) => `/api/${list}${each}`))) {
    assert.equal((await harness.ask(path)).status, 400, path);
  }
});
