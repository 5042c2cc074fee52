import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LinearClient, LinearDocument, LinearErrorType, LinearError } from "@linear/sdk";
import { after, before } from "../../test/support/hooks.ts";
import type { Emulator } from "../emulator.ts";
import { startEmulator } from "../start.ts";

/** The client's queries for teams, labels and the organisation use fields that the published schema does not have yet. */
describe("the Linear emulator and its official client", () => {
  let emulator: Emulator;
  let client: LinearClient;

  before(async () => {
    emulator = await startEmulator("linear", { issues: 180, seed: 5 });
    client = connect({ apiKey: emulator.credentials["LINEAR_API_KEY"] });
  });
  after(() => emulator.close());

  function connect(key: { apiKey?: string | undefined; accessToken?: string }): LinearClient {
    const { apiKey, accessToken } = key;
    return new LinearClient({
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(accessToken === undefined ? {} : { accessToken }),
      apiUrl: emulator.url,
    });
  }

  async function failure(call: Promise<unknown>): Promise<LinearError> {
    const error: unknown = await call.then(
      () => assert.fail("the call succeeded"),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof LinearError, String(error));
    return error;
  }

  test("the viewer, by key and by OAuth token; another user with the other key", async () => {
    const viewer = await client.viewer;
    assert.equal(viewer.displayName, "marena");
    assert.equal(viewer.isMe, true);
    assert.equal((await connect({ accessToken: "lin_oauth_emulator_full" }).viewer).id, viewer.id);
    const other = await connect({ apiKey: emulator.otherCredentials["LINEAR_API_KEY"] }).viewer;
    assert.notEqual(other.id, viewer.id);
  });

  // The client requests so much of every issue that 200 is near the complexity bound.
  test("pages through all issues, newest update first", async () => {
    const { PaginationOrderBy } = LinearDocument;
    let page = await client.issues({ first: 50, orderBy: PaginationOrderBy.UpdatedAt });
    const seen = page.nodes.map(({ id, updatedAt }) => ({ id, updatedAt }));
    while (page.pageInfo.hasNextPage) {
      page = await client.issues({
        first: 50,
        orderBy: PaginationOrderBy.UpdatedAt,
        ...(page.pageInfo.endCursor ? { after: page.pageInfo.endCursor } : {}),
      });
      seen.push(...page.nodes.map(({ id, updatedAt }) => ({ id, updatedAt })));
    }
    assert.equal(seen.length, 180);
    assert.deepEqual(
      seen.map(({ id }) => id).toSorted(),
      emulator.world
        .issues()
        .map(({ nativeId }) => nativeId)
        .toSorted(),
    );
    const times = seen.map(({ updatedAt }) => updatedAt.getTime());
    assert.deepEqual(
      times,
      times.toSorted((a, b) => b - a),
    );
  });

  test("pages backwards with last and before", async () => {
    const all = await client.issues({ first: 100 });
    const cursor = all.pageInfo.endCursor;
    assert.ok(cursor);
    const before = await client.issues({ last: 10, before: cursor });
    assert.deepEqual(
      before.nodes.map(({ id }) => id),
      all.nodes.slice(89, 99).map(({ id }) => id),
    );
    assert.equal(before.pageInfo.hasPreviousPage, true);
  });

  test("one issue by id and by identifier, with everything that belongs to it", async () => {
    const first = emulator.world.issues("APP")[4];
    assert.ok(first);
    const byKey = await client.issue(first.key);
    const byId = await client.issue(first.nativeId);
    assert.equal(byKey.id, byId.id);
    assert.equal(byKey.title, first.title);
    assert.equal((await byKey.state)?.name, first.state);
    assert.match(byKey.url, new RegExp(`/harborline/issue/${first.key}/`));
    const creator = await byKey.creator;
    assert.ok(creator?.email.endsWith("@harborline.example"));
  });

  test("comments, relations, children and attachments of some issue", async () => {
    const issues = (await client.issues({ first: 180 })).nodes;
    const found = { comments: 0, relations: 0, children: 0, attachments: 0 };
    for (const issue of issues.slice(0, 60)) {
      const [comments, relations, children, attachments] = await Promise.all([
        issue.comments(),
        issue.relations(),
        issue.children(),
        issue.attachments(),
      ]);
      found.comments += comments.nodes.length;
      found.relations += relations.nodes.length;
      found.children += children.nodes.length;
      found.attachments += attachments.nodes.length;
      for (const comment of comments.nodes) assert.ok(comment.createdAt >= issue.createdAt);
    }
    for (const [name, count] of Object.entries(found)) assert.ok(count > 0, `no ${name}`);
  });

  test("states of every type, users and cycles", async () => {
    const states = (await client.workflowStates({ first: 50 })).nodes;
    assert.deepEqual([...new Set(states.map(({ type }) => type))].toSorted(), [
      "backlog",
      "canceled",
      "completed",
      "duplicate",
      "started",
      "triage",
      "unstarted",
    ]);
    assert.ok(states.some(({ name }) => name === "Planning") && states.some(({ name }) => name === "In Review"));
    assert.equal((await client.users()).nodes.length, 14);
    const cycles = (await client.cycles()).nodes;
    assert.equal(cycles.filter(({ isActive }) => isActive).length, emulator.sources.length);
  });

  test("filters", async () => {
    const team = emulator.sources[0];
    assert.ok(team);
    const world = emulator.world.issues("APP");
    const count = async (filter: LinearDocument.IssueFilter) =>
      (await client.issues({ first: 200, filter })).nodes.length;
    assert.equal(await count({ team: { id: { eq: team.id } } }), world.length);
    assert.equal(
      await count({ team: { key: { in: ["APP"] } }, state: { type: { eq: "started" } } }),
      world.filter(({ state }) => state === "In Progress" || state === "In Review").length,
    );
    assert.equal(
      await count({
        team: { key: { eq: "APP" } },
        or: [{ assignee: { null: true } }, { assignee: { displayName: { eq: "elifk" } } }],
      }),
      world.filter(({ assignees }) => assignees.length === 0 || assignees[0] === "elifk").length,
    );
    assert.equal(
      await count({ team: { key: { eq: "APP" } }, labels: { some: { name: { eq: "Bug" } } } }),
      world.filter(({ labels }) => labels.includes("Bug")).length,
    );
    const middle = world.map(({ updatedAt }) => updatedAt).toSorted((a, b) => a - b)[50] ?? 0;
    assert.equal(
      await count({ team: { key: { eq: "APP" } }, updatedAt: { gte: new Date(middle) } }),
      world.filter(({ updatedAt }) => updatedAt >= middle).length,
    );
    assert.equal(await count({ updatedAt: { gt: "P1D" as unknown as Date } }), 0);
    const recent = Date.now() - 14 * 86_400_000;
    assert.equal(
      await count({ updatedAt: { gte: "-P2W" as unknown as Date } }),
      emulator.world.issues().filter(({ updatedAt }) => updatedAt >= recent).length,
    );
  });

  test("errors have the types that the client knows", async () => {
    assert.equal(
      (await failure(connect({ apiKey: "lin_api_wrong" }).viewer)).type,
      LinearErrorType.AuthenticationError,
    );
    const missing = await failure(client.issue("APP-99999"));
    assert.equal(missing.type, LinearErrorType.InvalidInput);
    assert.match(missing.message, /Entity not found: Issue/);
    assert.equal((await failure(client.issues({ first: 251 }))).type, LinearErrorType.InvalidInput);
    emulator.faults.add({ kind: "rate-limit", value: 3 });
    assert.equal((await failure(client.viewer)).type, LinearErrorType.Ratelimited);
  });

  test("the rate limit status counts down", async () => {
    const read = async () =>
      (await client.rateLimitStatus).limits.find(({ type }) => type === "requests")?.remainingAmount ?? 0;
    assert.equal((await read()) - (await read()), 1);
  });

  test("a weak key sees one team only", async () => {
    const weak = connect({ apiKey: emulator.weakCredentials.values["LINEAR_API_KEY"] });
    const issues = await weak.issues({ first: 200 });
    assert.equal(issues.nodes.length, emulator.world.issues("APP").length);
    assert.match((await failure(weak.issue("OPS-1"))).message, /Entity not found/);
  });
});
