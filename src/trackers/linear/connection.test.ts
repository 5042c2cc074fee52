import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { describe, it, type TestContext } from "node:test";
import type { WorldIssue } from "../../../emulators/emulator.ts";
import { systemClock } from "../../domain/clock.ts";
import type { NativeIssue } from "../../domain/issue.ts";
import { hasCode } from "../conformance/assert-code.ts";
import { startLocalServer } from "../conformance/local-server.ts";
import { createMirror } from "../conformance/mirror.ts";
import { readIssue } from "../conformance/read-issue.ts";
import { setStage } from "../conformance/stage.ts";
import { pullOnePage } from "../conformance/pull-one-page.ts";
import { createHttpClient } from "../http/create-http-client.ts";
import { linear } from "./index.ts";
import { relationsQuery } from "./queries.ts";
import { linearSubject } from "./subject.ts";

const subject = linearSubject;
const source = { key: "APP", historyMs: null, nativeId: null };

type Asked = { query: string; variables: { first: number; after: string | null; filter: { id?: { in: string[] } } } };

/** A server with made-up responses, for cases that the emulator does not produce. */
async function openServer(
  t: TestContext,
  answer: (asked: Asked) => { status?: number; body: object; isTimeless?: boolean },
) {
  const asked: Asked[] = [];
  const server = await startLocalServer((request, response: ServerResponse) => {
    const one = JSON.parse(request.body) as Asked;
    asked.push(one);
    const { status = 200, body, isTimeless = false } = answer(one);
    response.sendDate = !isTimeless;
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  });
  t.after(() => server.close());
  const { client } = createHttpClient({
    policy: linear.http,
    values: { apiKey: "lin_api_x", server: server.url },
    clock: systemClock,
    userAgent: "Panopticon/test",
  });
  return { connection: linear.connect(client), asked };
}

function wireIssue(id: string, relations = 0) {
  const time = "2026-11-22T10:00:00.000Z";
  return {
    id,
    identifier: `APP-${id}`,
    previousIdentifiers: ["OLD-1"],
    url: `https://linear.app/acme/issue/APP-${id}`,
    title: `Issue ${id}`,
    priority: 2,
    labelIds: [],
    createdAt: time,
    updatedAt: time,
    state: { id: "s1", name: "Todo", type: "unstarted", position: 1 },
    relations: {
      nodes: Array.from({ length: relations }, (_, index) => ({
        id: `r${index}`,
        type: "blocks",
        relatedIssue: { id: `t${index}` },
      })),
      pageInfo: { hasNextPage: false, endCursor: null },
    },
    inverseRelations: {
      nodes: [
        { id: "i1", type: "blocks", issue: { id: "b1" } },
        { id: "i2", type: "duplicate", issue: { id: "d1" } },
      ],
      pageInfo: { hasNextPage: false, endCursor: null },
    },
  };
}

const onePage = (nodes: object[]) => ({
  data: { teams: { nodes: [{ id: "team" }] }, issues: { nodes, pageInfo: { hasNextPage: false, endCursor: null } } },
});

describe("attachments", () => {
  it("are read completely, however many there are; a response that cannot contain them all leaves them unchanged", async (t) => {
    const stage = await setStage(t, subject);
    const { connection, emulator, source: own } = stage;
    const issue = emulator.world.create(own.key, { title: "Much to look at" });
    const names = Array.from({ length: 121 }, (_, index) => `file ${index}.txt`);
    for (const name of names) {
      emulator.world.attach?.(issue.nativeId, { name, contentType: "text/plain", content: new Uint8Array([1]) });
    }
    const read = await readIssue(connection, own, issue);
    assert.deepEqual(read?.attachments?.map(({ name }) => name).toSorted(), names.toSorted());
    assert.equal(new Set(read?.attachments?.map(({ id }) => id)).size, names.length);
    assert.ok(connection.write && read);
    const [step = assert.fail()] = await connection.write.plan(own, read, { title: "Too much to look at" });
    const answer = await connection.write.perform(own, read, step);
    assert.equal(answer?.issue.title, "Too much to look at");
    assert.equal(answer.issue.attachments, null);
  });
});

describe("relations", () => {
  it("are read in both directions", async (t) => {
    const { connection } = await openServer(t, () => ({ body: onePage([wireIssue("1", 2)]) }));
    const mirror = createMirror();
    await mirror.pull(connection, source);
    const issue = mirror.issues.get("1");
    assert.deepEqual(issue?.relations, [
      { id: "r0", type: "blocks", targetId: "t0" },
      { id: "r1", type: "blocks", targetId: "t1" },
      { id: "i1", type: "blocked_by", targetId: "b1" },
    ]);
    assert.deepEqual(issue?.formerKeys, ["OLD-1"]);
  });

  it("are read completely, in the list and alone, however many there are", async (t) => {
    const { connection, emulator, source: own } = await setStage(t, subject);
    const hub = emulator.world.create(own.key, { title: "Hub" });
    const relate = async (type: string, from: string, to: string) => {
      const headers = {
        authorization: emulator.credentials["LINEAR_API_KEY"] ?? "",
        "content-type": "application/json",
      };
      const query = "mutation($input: IssueRelationCreateInput!) { issueRelationCreate(input: $input) { success } }";
      const body = JSON.stringify({ query, variables: { input: { type, issueId: from, relatedIssueId: to } } });
      const answer = await fetch(emulator.credentials["LINEAR_API_URL"] ?? "", { method: "POST", headers, body });
      assert.deepEqual(await answer.json(), { data: { issueRelationCreate: { success: true } } });
    };
    const others = Array.from({ length: 111 }, (_, index) => emulator.world.create(own.key, { title: `${index}` }));
    for (const { nativeId } of others) await relate("related", hub.nativeId, nativeId);
    for (const { nativeId } of others.slice(0, 60)) await relate("blocks", nativeId, hub.nativeId);
    const expected = [
      ...others.map(({ nativeId }) => `relates ${nativeId}`),
      ...others.slice(0, 60).map(({ nativeId }) => `blocked_by ${nativeId}`),
    ].toSorted();
    const told = (issue: NativeIssue | undefined) =>
      issue?.relations?.map(({ type, targetId }) => `${type} ${targetId}`).toSorted();
    const mirror = createMirror();
    await mirror.pull(connection, own);
    assert.deepEqual(told(mirror.issues.get(hub.nativeId)), expected);
    assert.deepEqual(told(await readIssue(connection, own, hub)), expected);
    const address = (issue: WorldIssue) => ({ nativeId: issue.nativeId, key: issue.key, sourceKey: own.key });
    // The oldest one, which is not on the first page.
    const [first = assert.fail()] = others;
    await connection.write?.unrelate(own, address(hub), { type: "relates", target: address(first), id: null });
    const left = expected.filter((one) => one !== `relates ${first.nativeId}`);
    assert.deepEqual(told(await readIssue(connection, own, hub)), left);
  });

  it("are fetched separately, many issues at once, if the list could not hold them", async (t) => {
    const { connection, asked } = await openServer(t, ({ query, variables }) =>
      query.startsWith("query Relations(")
        ? { body: { data: { issues: { nodes: (variables.filter.id?.in ?? []).map((id) => wireIssue(id, 12)) } } } }
        : { body: onePage([wireIssue("1", 5), wireIssue("2", 1), wireIssue("3", 5)]) },
    );
    const pages = connection.pull(source, { cursor: { since: 0 }, resume: null, signal: new AbortController().signal });
    const [page] = await Array.fromAsync(pages);
    assert.deepEqual(
      page?.changes.map((issue) => issue.relations?.length),
      [13, 2, 13],
    );
    const again = asked.filter(({ query }) => query.startsWith("query Relations("));
    assert.deepEqual(
      again.map(({ variables }) => variables.filter.id?.in),
      [["1", "3"]],
    );
  });

  it("are fetched separately for all of those, as many at once as a query may cost", async (t) => {
    const ids = Array.from({ length: 100 }, (_, index) => String(index));
    const { connection, asked } = await openServer(t, ({ query, variables }) =>
      query.startsWith("query Relations(")
        ? { body: { data: { issues: { nodes: (variables.filter.id?.in ?? []).map((id) => wireIssue(id, 12)) } } } }
        : { body: onePage(ids.map((id) => wireIssue(id, 5))) },
    );
    const mirror = createMirror();
    await mirror.pull(connection, source);
    const counts = [...mirror.issues.values()].map((issue) => issue.relations?.length);
    assert.deepEqual(
      counts,
      ids.map(() => 13),
    );
    const again = asked.filter(({ query }) => query.startsWith("query Relations("));
    assert.ok(again.length > 1);
    for (const { variables } of again) {
      assert.equal(variables.filter.id?.in.length, variables.first);
      assert.ok(variables.first <= relationsQuery.pageSize);
    }
  });
});

describe("a cursor", () => {
  it("is kept if the server does not tell its time, and follows the records read", async (t) => {
    let nodes: object[] = [wireIssue("1")];
    const { connection } = await openServer(t, () => ({ body: onePage(nodes), isTimeless: true }));
    const pull = async (cursor: { since: number } | null) => {
      const pages = connection.pull(source, { cursor, resume: null, signal: new AbortController().signal });
      return (await Array.fromAsync(pages)).at(-1)?.finished?.advanced;
    };
    const first = await pull(null);
    const since = Date.parse("2026-11-22T10:00:00.000Z") - 2 * 60_000;
    const kept = { since, ahead: null };
    assert.deepEqual(first, kept);
    nodes = [];
    assert.deepEqual(await pull({ since }), kept);
    nodes = [{ ...wireIssue("1"), updatedAt: "2026-11-22T09:00:00.000Z" }];
    assert.deepEqual(await pull({ since }), kept);
  });
});

describe("pages", () => {
  it("are halved if Linear counts a query as more complex than documented, and stay so", async (t) => {
    const { connection, asked } = await openServer(t, ({ variables }) =>
      variables.first > 100
        ? {
            status: 400,
            body: {
              errors: [{ message: "Query too complex", extensions: { code: "INPUT_ERROR", type: "invalid input" } }],
            },
          }
        : { body: onePage([wireIssue("1")]) },
    );
    const mirror = createMirror();
    await mirror.pull(connection, source);
    assert.equal(mirror.issues.size, 1);
    assert.deepEqual(
      asked.map(({ variables }) => variables.first),
      [250, 125, 62, 62],
    );
  });

  it("are halved only for that reason, and only down to a minimum", async (t) => {
    const refusing = (message: string) => ({
      status: 400,
      body: { errors: [{ message, extensions: { code: "INPUT_ERROR", type: "invalid input" } }] },
    });
    for (const [message, sizes] of [
      ["Query too complex", [250, 125, 62, 31, 15, 10]],
      ["Invalid filter", [250]],
    ] as const) {
      const { connection, asked } = await openServer(t, () => refusing(message));
      await assert.rejects(createMirror().pull(connection, source), hasCode("invalid_input"));
      assert.deepEqual(
        asked.map(({ variables }) => variables.first),
        sizes,
      );
    }
  });

  it("are small in a poll, and full if there is more", async (t) => {
    const { connection, emulator, source: own } = await setStage(t, subject);
    const mirror = createMirror();
    await mirror.pull(connection, own);
    for (let index = 0; index < 60; index++) emulator.world.create(own.key, { title: `New ${index}` });
    emulator.requests.clear();
    await mirror.pull(connection, own);
    assert.equal(mirror.issues.size, 60);
    const sizes = emulator.requests.list().map(({ body }) => (JSON.parse(body) as Asked).variables.first);
    assert.deepEqual(sizes, [20, 250]);
  });

  it("are requested while the previous one is processed", { timeout: 30_000 }, async (t) => {
    const isAsked = Promise.withResolvers<void>();
    const { connection } = await openServer(t, ({ variables }) => {
      if (variables.after !== null) {
        isAsked.resolve();
        return { body: onePage([wireIssue("2")]) };
      }
      const { data } = onePage([wireIssue("1")]);
      const pageInfo = { hasNextPage: true, endCursor: "next" };
      return { body: { data: { ...data, issues: { ...data.issues, pageInfo } } } };
    });
    assert.deepEqual(await pullOnePage(connection, source, isAsked.promise), ["1"]);
  });

  it("end with an error if the server repeats the same page forever", async (t) => {
    const { connection } = await openServer(t, () => {
      const { data } = onePage([wireIssue("1")]);
      return {
        body: { data: { ...data, issues: { ...data.issues, pageInfo: { hasNextPage: true, endCursor: "same" } } } },
      };
    });
    await assert.rejects(createMirror().pull(connection, source), hasCode("invalid_response"));
  });
});

describe("a trashed issue", () => {
  it("is reported as gone, not as changed, although the list contains it", async (t) => {
    const { connection, emulator, source: own } = await setStage(t, subject);
    const [kept, trashed] = ["Kept", "Trashed"].map((title) => emulator.world.create(own.key, { title }));
    assert.ok(kept && trashed);
    emulator.world.archive?.(trashed.nativeId, "trashed");
    const pages = connection.pull(own, { cursor: { since: 0 }, resume: null, signal: new AbortController().signal });
    const [page, ...more] = await Array.fromAsync(pages);
    assert.deepEqual(more, []);
    assert.deepEqual(
      page?.changes.map(({ nativeId }) => nativeId),
      [kept.nativeId],
    );
    assert.deepEqual(page?.removed, [trashed.nativeId]);
  });
});

describe("a team", () => {
  it("is found by its id after its key changed", async (t) => {
    const { connection, emulator, source: own } = await setStage(t, subject, { issues: 20 });
    const id = emulator.sources[0]?.id ?? "";
    const mirror = createMirror();
    await mirror.pull(connection, { ...own, key: "FORMER", nativeId: id });
    assert.equal(mirror.issues.size, emulator.world.issues(own.key).length);
  });
});
