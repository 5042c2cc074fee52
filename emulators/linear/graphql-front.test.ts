import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import type { Emulator } from "../emulator.ts";
import { startEmulator } from "../start.ts";

type Answer = {
  status: number;
  headers: Headers;
  data: unknown;
  errors: { message: string; extensions: Record<string, unknown> }[] | undefined;
};

describe("the Linear emulator's front", () => {
  let emulator: Emulator;
  let now = Date.parse("2026-11-22T10:00:00.123Z");

  beforeEach(async () => {
    emulator = await startEmulator("linear", { issues: 120, seed: 2, budget: 30, now: () => now });
  });
  afterEach(() => emulator.close());

  async function ask(
    query: string,
    variables: object = {},
    authorization = emulator.credentials["LINEAR_API_KEY"] ?? "",
  ): Promise<Answer> {
    const response = await fetch(emulator.url, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify({ query, variables }),
    });
    const body = (await response.json()) as Pick<Answer, "data" | "errors">;
    return { status: response.status, headers: response.headers, data: body.data, errors: body.errors };
  }

  test("accepts bare keys and bearer OAuth tokens, anything else is 401", async () => {
    assert.equal((await ask("{viewer{id}}")).status, 200);
    assert.equal((await ask("{viewer{id}}", {}, "Bearer lin_oauth_emulator_full")).status, 200);
    const bearer = await ask("{viewer{id}}", {}, `Bearer ${emulator.credentials["LINEAR_API_KEY"]}`);
    assert.equal(bearer.status, 400);
    assert.match(bearer.errors?.[0]?.message ?? "", /Bearer/);
    for (const wrong of ["", "lin_api_wrong", "Bearer lin_oauth_wrong"]) {
      const refused = await ask("{viewer{id}}", {}, wrong);
      assert.equal(refused.status, 401);
      assert.equal(refused.errors?.[0]?.extensions["code"], "AUTHENTICATION_ERROR");
    }
  });

  test("rejects unknown fields and invalid variables with 400", async () => {
    const unknown = await ask("{issues{nodes{id colour}}}");
    assert.equal(unknown.status, 400);
    assert.match(unknown.errors?.[0]?.message ?? "", /Cannot query field "colour" on type "Issue"/);
    assert.equal(unknown.errors?.[0]?.extensions["code"], "GRAPHQL_VALIDATION_FAILED");
    assert.equal((await ask("{issues{nodes{id}")).status, 400);
    const query = "query($filter: IssueFilter) {issues(filter: $filter){nodes{id}}}";
    assert.equal((await ask(query, { filter: { colour: { eq: "red" } } })).status, 400);
    assert.equal((await ask(query, { filter: { updatedAt: { gte: "yesterday" } } })).status, 400);
  });

  test("the complexity bound is 10,000 points by the published formula", async () => {
    // 250 × (1 for the node + 0.1 + 50 × (1 + 0.1)) = 14,025
    const refused = await ask("{issues(first:250){nodes{id labels{nodes{id}}}}}");
    assert.equal(refused.status, 400);
    assert.equal(refused.errors?.[0]?.message, "Query too complex");
    assert.match(
      String(refused.errors?.[0]?.extensions["userPresentableMessage"]),
      /^The query is too complex. Complexity: 14025/,
    );
    // 250 × (1 + 0.1 + 30 × 1.1) = 8,525
    assert.equal((await ask("{issues(first:250){nodes{id labels(first:30){nodes{id}}}}}")).status, 200);
    // The page size may be a variable, with 50 as the default: 50 × (1.1 + 250 × 1.1) = 13,805
    assert.equal((await ask("query($n:Int){issues{nodes{id labels(first:$n){nodes{id}}}}}", { n: 250 })).status, 400);
    assert.equal((await ask("query($n:Int=250){issues{nodes{id labels(first:$n){nodes{id}}}}}")).status, 400);
    assert.equal((await ask("query($n:Int=250){issues{nodes{id labels(first:$n){nodes{id}}}}}", { n: 5 })).status, 200);
    const fragments =
      "query{issues(first:250){...A}} fragment A on IssueConnection{nodes{...B}} fragment B on Issue{id labels{nodes{id}}}";
    assert.equal((await ask(fragments)).status, 400);
  });

  test("pages have 1 to 250 records, 50 by default", async () => {
    const size = async (query: string) =>
      ((await ask(query)).data as { issues: { nodes: unknown[] } }).issues.nodes.length;
    assert.equal(await size("{issues{nodes{id}}}"), 50);
    assert.equal(await size("{issues(first:120){nodes{id}}}"), 120);
    for (const bad of ["first:0", "first:251", "last:251"]) {
      const refused = await ask(`{issues(${bad}){nodes{id}}}`);
      assert.equal(refused.status, 200);
      assert.equal(refused.errors?.[0]?.extensions["code"], "INVALID_INPUT");
      assert.equal(refused.data, null);
    }
  });

  test("limits count down, refuse with RATELIMITED at 400, and reset", async () => {
    const first = await ask("{viewer{id name}}");
    assert.equal(first.headers.get("x-ratelimit-requests-limit"), "30");
    assert.equal(first.headers.get("x-ratelimit-requests-remaining"), "29");
    assert.equal(first.headers.get("x-ratelimit-requests-reset"), String(now + 3_600_000));
    assert.ok(Number(first.headers.get("x-complexity")) >= 1);
    for (let count = 1; count < 30; count += 1) await ask("{viewer{id}}");
    const refused = await ask("{viewer{id}}");
    assert.equal(refused.status, 400);
    assert.equal(refused.errors?.[0]?.extensions["code"], "RATELIMITED");
    assert.equal(refused.headers.get("x-ratelimit-requests-remaining"), "0");
    now += 3_600_000;
    assert.equal((await ask("{viewer{id}}")).status, 200);
    emulator.faults.add({ kind: "rate-limit", value: 20 });
    const asked = await ask("{viewer{id}}");
    assert.equal(asked.headers.get("x-ratelimit-requests-reset"), String(now + 20_000));
    emulator.faults.add({ kind: "secondary-limit", value: 20 });
    const points = await ask("{viewer{id}}");
    assert.equal(points.headers.get("x-ratelimit-complexity-remaining"), "0");
    assert.equal(points.errors?.[0]?.extensions["code"], "RATELIMITED");
  });

  test("a walk by update time sees every issue once while some change", async () => {
    const query =
      "query($after:String){issues(first:15,after:$after,orderBy:updatedAt,includeArchived:true){nodes{id updatedAt} pageInfo{hasNextPage endCursor}}}";
    const seen: string[] = [];
    let after: string | null = null;
    do {
      now += 1_000;
      const answer: Answer = await ask(query, { after });
      const { nodes, pageInfo } = (
        answer.data as { issues: { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } }
      ).issues;
      seen.push(...nodes.map(({ id }) => id));
      // Move an issue already read, and one that would have come last, to the front.
      const [read] = nodes;
      if (read) emulator.world.edit(read.id, { title: "Changed while reading" });
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    assert.equal(new Set(seen).size, seen.length);
    assert.equal(seen.length, 120);
  });

  test("the world's changes: moved, archived, trashed, deleted, renamed, hidden", async () => {
    const [issue, other] = emulator.world.issues("APP");
    assert.ok(issue && other);
    now += 60_000;
    emulator.world.move?.(issue.nativeId, "OPS");
    const read = async (id: string) =>
      (
        await ask(
          "query($id:String!){issue(id:$id){id identifier previousIdentifiers updatedAt archivedAt trashed team{key}}}",
          { id },
        )
      ).data as {
        issue: Record<string, unknown> & { team: { key: string } };
      } | null;
    const moved = await read(issue.key);
    assert.equal(moved?.issue.team.key, "OPS");
    assert.deepEqual(moved?.issue["previousIdentifiers"], [issue.key]);
    assert.equal(moved?.issue["id"], issue.nativeId);
    assert.equal(moved?.issue["updatedAt"], new Date(now).toISOString());

    const listed = async (args: string) =>
      (
        (await ask(`{issues(first:250${args}){nodes{id}}}`)).data as { issues: { nodes: { id: string }[] } }
      ).issues.nodes.map(({ id }) => id);
    emulator.world.archive?.(other.nativeId, "trashed");
    assert.ok(!(await listed("")).includes(other.nativeId));
    assert.ok((await listed(",includeArchived:true")).includes(other.nativeId));
    assert.equal((await read(other.nativeId))?.issue["trashed"], true);
    emulator.world.archive?.(other.nativeId, null);
    assert.ok((await listed("")).includes(other.nativeId));
    emulator.world.delete(other.nativeId);
    assert.ok(!(await listed(",includeArchived:true")).includes(other.nativeId));
    assert.equal(await read(other.nativeId), null);

    emulator.world.renameLabel("APP", "Bug", "Defect");
    const labels = (await ask("{issueLabels(first:250){nodes{name}}}")).data as {
      issueLabels: { nodes: { name: string }[] };
    };
    assert.ok(labels.issueLabels.nodes.some(({ name }) => name === "Defect"));

    emulator.world.hideSource("APP", true);
    assert.equal((await listed("")).length, emulator.world.issues("OPS").length);
    emulator.world.hideSource("APP", false);
    assert.equal((await listed("")).length, emulator.world.issues().length);
  });

  test("a malformed record is broken wherever it is read, others are intact", async () => {
    const [issue] = emulator.world.issues("APP");
    assert.ok(issue);
    const read = async () =>
      (
        (await ask("{issues(first:250){nodes{id title updatedAt}}}")).data as {
          issues: { nodes: Record<string, unknown>[] };
        }
      ).issues.nodes;
    emulator.world.malform(issue.nativeId, "missing-field");
    const broken = (await read()).filter(({ title }) => title === undefined);
    assert.deepEqual(
      broken.map(({ id }) => id),
      [issue.nativeId],
    );
    emulator.world.malform(issue.nativeId, "wrong-type");
    assert.deepEqual(
      (await read()).filter(({ updatedAt }) => typeof updatedAt !== "string").map(({ id }) => id),
      [issue.nativeId],
    );
    emulator.world.malform(issue.nativeId, null);
    assert.ok(
      (await read()).every(({ title, updatedAt }) => typeof title === "string" && typeof updatedAt === "string"),
    );
  });
});
