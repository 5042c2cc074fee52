import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { systemClock } from "../../domain/clock.ts";
import { startLocalServer } from "../conformance/local-server.ts";
import { createMirror } from "../conformance/mirror.ts";
import { createHttpClient } from "../http/create-http-client.ts";
import { github } from "./index.ts";

type Entry = { id: number; updatedAt: number; closed: boolean };

const source = { key: "o/r", historyMs: null, nativeId: null };
const crowdAt = Date.UTC(2026, 0, 1);

/**
 * A list paged by number, like GitHub's lists without cursors: an entry that leaves a page shifts all pages after it. `onPage` may change the entries before a
 * page is cut.
 */
async function openList(
  t: TestContext,
  entries: Entry[],
  onPage: (page: number, state: string) => void = () => undefined,
) {
  const server = await startLocalServer((request, response) => {
    const url = new URL(request.url, "http://localhost");
    if (url.pathname !== "/repos/o/r/issues") {
      response.writeHead(404).end("{}");
      return;
    }
    const { state, since, page = "1" } = Object.fromEntries(url.searchParams);
    onPage(Number(page), state ?? "");
    const list = entries
      .filter((entry) => state === "all" || entry.closed === (state === "closed"))
      .filter((entry) => since === undefined || entry.updatedAt >= Date.parse(since))
      .sort((a, b) => a.updatedAt - b.updatedAt || a.id - b.id);
    const start = (Number(page) - 1) * 100;
    const next = new URL(request.url, server.url);
    next.searchParams.set("page", String(Number(page) + 1));
    response.writeHead(200, {
      "content-type": "application/json",
      ...(list.length > start + 100 ? { link: `<${next.href}>; rel="next"` } : {}),
    });
    response.end(JSON.stringify(list.slice(start, start + 100).map(toWire)));
  });
  t.after(() => server.close());
  const { client } = createHttpClient({
    policy: github.http,
    values: { token: "t0ken", server: server.url },
    clock: systemClock,
    userAgent: "Panopticon/test",
  });
  const listed = () => server.seen.filter((request) => request.url.includes("sort=updated")).length;
  return { connection: github.connect(client), listed };
}

function toWire({ id, updatedAt, closed }: Entry) {
  const time = new Date(updatedAt).toISOString().replace(".000Z", "Z");
  return {
    id,
    number: id,
    html_url: `https://github.com/o/r/issues/${id}`,
    title: `Issue ${id}`,
    state: closed ? "closed" : "open",
    labels: [],
    created_at: time,
    updated_at: time,
  };
}

function crowd(size: number): Entry[] {
  return Array.from({ length: size }, (_, index) => ({ id: index + 1, updatedAt: crowdAt, closed: false }));
}

describe("a crowd of entries with one update time, paged by number", () => {
  it("costs only its own pages while nothing changes", async (t) => {
    const { connection, listed } = await openList(t, crowd(350));
    const mirror = createMirror();
    await mirror.pull(connection, source);
    assert.equal(mirror.issues.size, 350);
    // The first page again by time, three more by `Link`, and the closed ones.
    assert.equal(listed(), 6);
  });

  for (const change of ["updated", "closed"] as const) {
    it(`misses no entry behind one that is ${change} while the pages are read`, async (t) => {
      const entries = crowd(350);
      let left = 0;
      const { connection } = await openList(t, entries, (page) => {
        const entry = entries[page * 7];
        if (page < 2 || left >= 3 || entry === undefined) return;
        left += 1;
        entry.updatedAt = crowdAt + 60_000 * left;
        entry.closed = change === "closed";
      });
      const mirror = createMirror();
      await mirror.pull(connection, source);
      assert.equal(left, 3);
      assert.deepEqual([...mirror.issues.keys()].length, 350);
    });
  }

  it("misses no entry behind one that leaves a later page of the crowd", async (t) => {
    const entries = crowd(350);
    const { connection } = await openList(t, entries, (page) => {
      const entry = entries[150];
      if (page === 4 && entry !== undefined) entry.updatedAt = crowdAt + 60_000;
    });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    assert.equal(mirror.issues.size, 350);
  });

  it("resumes after an interruption at any page, and reads crowds again that were not watched meanwhile", async (t) => {
    for (let breakAfter = 1; breakAfter <= 6; breakAfter++) {
      const entries = [
        ...crowd(250),
        ...crowd(30).map((entry) => ({ ...entry, id: entry.id + 1000, updatedAt: crowdAt + entry.id * 1000 })),
      ];
      let turn = 0;
      const { connection } = await openList(t, entries, (page) => {
        if (page === 2 && turn === 0) {
          turn += 1;
          const [first] = entries;
          if (first) first.updatedAt = crowdAt + 3_600_000;
        }
      });
      const mirror = createMirror();
      await mirror.pull(connection, source, { breakAfter });
      if (mirror.cursor() === null) await mirror.pull(connection, source);
      assert.equal(mirror.issues.size, 280, `broken off after page ${breakAfter}`);
    }
  });

  it("ends even if the crowd keeps changing", async (t) => {
    const entries = crowd(250);
    let tick = 0;
    const { connection, listed } = await openList(t, entries, () => {
      tick += 1;
      const entry = entries[tick % 250];
      if (entry) entry.updatedAt = entry.updatedAt === crowdAt ? crowdAt + 1000 * tick : crowdAt;
    });
    await createMirror().pull(connection, source);
    assert.ok(listed() < 200, `${listed()} requests`);
  });
});

it("reads 10,000 entries spread over time in at most 1.02 times 101 requests", async (t) => {
  const entries = Array.from({ length: 10_000 }, (_, index) => ({
    id: index + 1,
    updatedAt: crowdAt + index * 1000,
    closed: false,
  }));
  const { connection, listed } = await openList(t, entries);
  const mirror = createMirror();
  await mirror.pull(connection, source);
  assert.equal(mirror.issues.size, 10_000);
  assert.ok(listed() <= 101 * 1.02, `${listed()} requests`);
});
