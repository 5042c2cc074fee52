import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { systemClock } from "../../domain/clock.ts";
import { hasCode } from "../conformance/assert-code.ts";
import { startLocalServer } from "../conformance/local-server.ts";
import { assertMirrors, createMirror } from "../conformance/mirror.ts";
import { setStage } from "../conformance/stage.ts";
import { pullOnePage } from "../conformance/pull-one-page.ts";
import { createHttpClient } from "../http/create-http-client.ts";
import { jira } from "./index.ts";
import { jiraSubjects } from "./subject.ts";

const source = { key: "PROJ", historyMs: null, nativeId: null };

/** A Cloud server that responds to searches with these pages. */
async function openCloud(t: TestContext, page: (token: string | null, count: number) => object) {
  let searches = 0;
  const server = await startLocalServer((request, response) => {
    const send = (body: unknown) => {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    if (request.url.endsWith("/serverInfo")) send({ baseUrl: server.url, deploymentType: "Cloud" });
    else if (request.url.endsWith("/field")) send([]);
    else if (request.url.endsWith("/approximate-count")) send({ count: 5 });
    else {
      const { nextPageToken = null, jql } = JSON.parse(request.body) as { nextPageToken?: string; jql: string };
      if (jql.includes("statusCategory = Done")) send({ issues: [], isLast: true });
      else send(page(nextPageToken, (searches += 1)));
    }
  });
  t.after(() => server.close());
  const { client } = createHttpClient({
    policy: jira.http,
    values: { apiKey: "k", email: "a@b.example", server: server.url },
    clock: systemClock,
    userAgent: "Panopticon/test",
  });
  return jira.connect(client);
}

function issue(id: number, updatedAt: number) {
  const time = new Date(updatedAt).toISOString().replace("Z", "+0000");
  return {
    id: String(id),
    key: `PROJ-${id}`,
    fields: {
      summary: `Issue ${id}`,
      project: { id: "1", key: "PROJ", name: "P" },
      issuetype: { id: "1", name: "Task" },
      status: { id: "1", name: "To Do", statusCategory: { key: "new" } },
      created: time,
      updated: time,
    },
  };
}

describe("Cloud's pages", () => {
  const at = Date.UTC(2026, 0, 1);

  it("may be short or empty as long as there is a token", async (t) => {
    const connection = await openCloud(t, (token) => {
      if (token === null) return { issues: [issue(1, at)], nextPageToken: "a" };
      if (token === "a") return { issues: [], nextPageToken: "b" };
      if (token === "b") return { issues: [issue(2, at + 60_000), issue(3, at + 61_000)], nextPageToken: "c" };
      return { issues: [issue(4, at + 99_000)], isLast: true };
    });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    assert.deepEqual([...mirror.issues.keys()].sort(), ["1", "2", "3", "4"]);
  });

  it("are requested while the previous one is processed", { timeout: 30_000 }, async (t) => {
    const isAsked = Promise.withResolvers<void>();
    const connection = await openCloud(t, (token) => {
      if (token === null) return { issues: [issue(1, at)], nextPageToken: "a" };
      isAsked.resolve();
      return { issues: [issue(2, at + 60_000)], isLast: true };
    });
    assert.deepEqual(await pullOnePage(connection, source, isAsked.promise), ["1"]);
  });

  it("are an error if a token is repeated", async (t) => {
    const connection = await openCloud(t, (_, count) => ({
      issues: [issue(count, at + count * 60_000)],
      nextPageToken: "again",
    }));
    await assert.rejects(
      createMirror().pull(connection, source),
      hasCode("invalid_response", (error) => error.message.includes("token twice")),
    );
  });
});

for (const subject of jiraSubjects) {
  describe(`a crowd in one second in ${subject.label}`, () => {
    it("is read completely although every page is interrupted", async (t) => {
      const { connection, source: own, emulator } = await setStage(t, subject);
      const at = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;
      for (let index = 0; index < 350; index++) {
        emulator.world.create(own.key, { title: `Same ${index}`, updatedAt: at + (index % 7) * 100 });
      }
      for (let index = 0; index < 30; index++) {
        emulator.world.create(own.key, { title: `Later ${index}`, updatedAt: at + 5_000 + index * 1_000 });
      }
      const mirror = createMirror();
      for (let run = 0; mirror.cursor() === null; run++) {
        assert.ok(run < 30, "the run never ends");
        await mirror.pull(connection, own, { breakAfter: 1 });
      }
      assertMirrors(mirror, emulator.world.issues(own.key));
    });

    it("continues after the issue at which it was interrupted was deleted", async (t) => {
      const { connection, source: own, emulator } = await setStage(t, subject, { issues: 5 });
      const at = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;
      for (let index = 0; index < 350; index++) {
        emulator.world.create(own.key, { title: `Same ${index}`, updatedAt: at });
      }
      const mirror = createMirror();
      const numberOf = (key: string) => Number(key.split("-")[1]);
      for (let run = 0; mirror.cursor() === null; run++) {
        assert.ok(run < 40, "the run never ends");
        await mirror.pull(connection, own, { breakAfter: 1 });
        const live = new Set(emulator.world.issues(own.key).map(({ nativeId }) => nativeId));
        const read = [...mirror.issues.values()].filter(({ nativeId }) => live.has(nativeId));
        const last = read.sort((a, b) => numberOf(b.key) - numberOf(a.key))[0];
        if (last !== undefined && run < 4) emulator.world.delete(last.nativeId);
      }
      const missing = emulator.world.issues(own.key).filter(({ nativeId }) => !mirror.issues.has(nativeId));
      assert.deepEqual(missing, []);
    });

    it("sweeps ids with their keys", async (t) => {
      const { connection, source: own, emulator } = await setStage(t, subject, { issues: 30 });
      const live = (await Array.fromAsync(connection.sweep(own, new AbortController().signal))).flat();
      const expected = emulator.world.issues(own.key).map(({ nativeId, key }) => ({ nativeId, key }));
      const byId = (a: { nativeId: string }, b: { nativeId: string }) => Number(a.nativeId) - Number(b.nativeId);
      assert.deepEqual(live.toSorted(byId), expected.toSorted(byId));
    });

    it("never quotes times or requests an unbounded list", async (t) => {
      const { connection, source: own, emulator } = await setStage(t, subject, { issues: 250 });
      const mirror = createMirror();
      await mirror.pull(connection, { ...own, historyMs: 86_400_000 * 30 });
      await mirror.pull(connection, own);
      await Array.fromAsync(connection.sweep(own, new AbortController().signal));
      const queries = emulator.requests
        .list()
        .map(({ url, body }) =>
          body === "" ? new URL(url, "http://x").searchParams.get("jql") : (JSON.parse(body) as { jql: string }).jql,
        )
        .filter((jql) => jql !== null && jql !== undefined);
      assert.ok(queries.length > 3, String(queries.length));
      for (const jql of queries) {
        assert.match(jql, /^project = ("BOOK"|\d+)( AND|  ?ORDER)/);
        assert.doesNotMatch(jql, /updated\s*[<>=]+\s*["']/);
      }
      assert.ok(queries.some((jql) => /updated >= \d{13}/.test(jql) && jql.endsWith("ORDER BY updated ASC, key ASC")));
    });
  });
}
