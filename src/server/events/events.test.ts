import assert from "node:assert/strict";
import { test } from "node:test";
import { type EventReader, readEvents } from "../../../test/support/event-reader.ts";
import { after, before } from "../../../test/support/hooks.ts";
import { fillStore, inventedIssue, putIssues } from "../../../test/support/invented-issues.ts";
import { type ServerHarness, startServerHarness } from "../../../test/support/server-harness.ts";
import type { ServerEvents } from "../contract/event.ts";

let harness: ServerHarness;
let at = Date.now();
const readers: EventReader[] = [];

before(async () => {
  harness = await startServerHarness({ prepare: (store) => fillStore(store, 10, at) });
});
after(async () => {
  for (const reader of readers) reader.close();
  await harness.close();
});

async function listen(path = "/api/events", headers: Record<string, string> = {}): Promise<EventReader> {
  const reader = await readEvents(harness.port, path, { authorization: `Bearer ${harness.token}`, ...headers });
  readers.push(reader);
  return reader;
}

/** Changes the titles of issues of the first source, like a pull, and emits the change. */
async function change(...numbers: number[]): Promise<{ sequence: number; refs: readonly string[] }> {
  at += 1000;
  const [source] = await harness.store.sources.list();
  assert.ok(source);
  const changed = await putIssues(
    harness.store,
    source,
    numbers.map((number) => inventedIssue(source, number, { title: `Changed at ${at}`, updatedAt: at })),
    at,
  );
  harness.sync.emit({ type: "change", sequence: changed.sequence, refs: changed.refs });
  return changed;
}

test("starts a stream with the log's current sequence, and sends each change", async () => {
  const reader = await listen();
  assert.equal(reader.status, 200);
  assert.match(String(reader.headers["content-type"]), /^text\/event-stream/);
  const sequence = await harness.store.changes.sequence();
  assert.deepEqual(await reader.next(), {
    id: String(sequence),
    event: "change",
    data: { sequence, refs: [], more: false },
  });
  const changed = await change(1);
  assert.deepEqual(await reader.next(), {
    id: String(changed.sequence),
    event: "change",
    data: { sequence: changed.sequence, refs: ["app#1"], more: false },
  });
});

test("combines changes in quick succession, and misses none", async () => {
  const reader = await listen();
  const first = (await reader.next()).data as ServerEvents["change"];
  const changes = [await change(2), await change(3), await change(4), await change(5)];
  const last = changes.at(-1)?.sequence ?? 0;
  const told = new Set<string>();
  let events = 0;
  for (let sequence = first.sequence; sequence < last; events += 1) {
    const { data } = await reader.nextOf("change");
    const news = data as ServerEvents["change"];
    assert.ok(news.sequence > sequence);
    sequence = news.sequence;
    for (const ref of news.refs) told.add(ref);
  }
  assert.deepEqual([...told].toSorted(), ["app#2", "app#3", "app#4", "app#5"]);
  assert.ok(events < changes.length, String(events));
});

test("sends a returning listener what it missed", async () => {
  const before = await harness.store.changes.sequence();
  const changed = await change(6, 7);
  for (const reader of [
    await listen("/api/events", { "last-event-id": String(before) }),
    await listen(`/api/events?since=${before}`),
  ]) {
    const first = await reader.next();
    assert.equal(first.id, String(changed.sequence));
    assert.equal(first.event, "change");
    assert.deepEqual([...(first.data as ServerEvents["change"]).refs].toSorted(), ["app#6", "app#7"]);
  }
});

test("makes a listener reload that is too far behind, or ahead of the log", async () => {
  const before = await harness.store.changes.sequence();
  const all = Array.from({ length: 2_000 }, (_, index) => index + 2_000);
  for (let turn = 0; turn < 6; turn += 1) await change(...all);
  const sequence = await harness.store.changes.sequence();
  for (const since of [String(before), String(sequence + 1000)]) {
    const reader = await listen("/api/events", { "last-event-id": since });
    assert.deepEqual(await reader.next(), { id: String(sequence), event: "reload", data: { sequence } });
  }
});

test("sends some refs of many simultaneous changes, and that there are more", async () => {
  const reader = await listen();
  await reader.next();
  await change(...Array.from({ length: 250 }, (_, index) => index + 1000));
  const { data } = await reader.nextOf("change");
  const news = data as ServerEvents["change"];
  assert.equal(news.refs.length, 200);
  assert.equal(news.more, true);
});

test("sends the latest state of trackers, progress and the configuration", async () => {
  const reader = await listen();
  await reader.next();
  const progress = (done: number) =>
    harness.sync.emit({
      type: "progress",
      connection: "alpha",
      source: "alpha:acme/app",
      done,
      total: 300,
      finished: done === 300,
    });
  harness.sync.emit({ type: "tracker", connection: "alpha", health: "syncing" });
  progress(100);
  progress(200);
  progress(300);
  harness.config.change({ problems: [] });
  assert.deepEqual((await reader.nextOf("tracker")).data, { connection: "alpha", health: "syncing" });
  assert.deepEqual((await reader.nextOf("progress")).data, {
    connection: "alpha",
    source: "alpha:acme/app",
    done: 300,
    total: 300,
    finished: true,
  });
  assert.deepEqual((await reader.nextOf("config")).data, { problems: 0 });
});

test("refuses a resume point that is not a number", async () => {
  const answer = await harness.ask("/api/events?since=yesterday");
  assert.equal(answer.status, 400);
});

test("drops a listener that reads nothing, while the others continue", async () => {
  const slow = await listen();
  await slow.next();
  slow.pause();
  const quick = await listen();
  await quick.next();
  let dropped = false;
  void slow.ended.then(() => {
    dropped = true;
  });
  // Such long names fill the buffers of the system and the server.
  const source = "x".repeat(200_000);
  for (let round = 0; round < 200 && harness.server.listeners() > 0 && !dropped; round += 1) {
    const before = harness.server.listeners();
    harness.sync.emit({ type: "progress", connection: "alpha", source, done: round, total: null, finished: false });
    await quick.nextOf("progress");
    if (harness.server.listeners() < before) dropped = true;
  }
  assert.ok(dropped);
  await change(1);
  await quick.nextOf("change");
});

test("ends the streams when the server stops", async () => {
  const own = await startServerHarness();
  const reader = await readEvents(own.port, "/api/events", { authorization: `Bearer ${own.token}` });
  await reader.next();
  await own.close();
  await reader.ended;
});
