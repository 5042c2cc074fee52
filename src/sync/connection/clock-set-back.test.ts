import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { startEmulator } from "../../../emulators/start.ts";
import { blankDraft } from "../../../test/support/blank-draft.ts";
import { readAllCards } from "../../../test/support/compare.ts";
import { createTestMirror } from "../../../test/support/mirror.ts";
import { by } from "../../../test/support/outbox-stage.ts";
import { eventually } from "../../../test/support/stage.ts";
import { followTraffic } from "../../../test/support/traffic.ts";
import { createVirtualClock } from "../../../test/support/virtual-clock.ts";

// This machine's clock was a day ahead and is corrected while the process runs. The tracker's clock was right all the time.

const second = 1_000;
const minute = 60 * second;
const dayMs = 24 * 60 * minute;

async function openStage(t: TestContext) {
  const traffic = followTraffic();
  const time = createVirtualClock(undefined, traffic.quiet);
  let ahead = dayMs;
  const clock = { ...time, now: () => time.now() + ahead };
  const emulator = await startEmulator("github", { issues: 5, seed: 7, sources: 1, now: time.now });
  const folder = await mkdtemp(join(tmpdir(), "panopticon-clock-"));
  const open = () => createTestMirror([emulator], { clock, folder });
  let mirror = await open();
  t.after(async () => {
    await mirror.close();
    await emulator.close();
    traffic.close();
    await rm(folder, { recursive: true, force: true });
  });
  assert.deepEqual((await mirror.sync.syncNow()).failures, []);
  const [card = assert.fail()] = await readAllCards(mirror.store);
  mirror.sync.watch({ board: true });
  mirror.sync.start();
  return {
    ...mirror,
    emulator,
    card,
    /** Lets time pass until something has happened; fails if that takes longer than `atMostMs`. */
    async within(atMostMs: number, what: string, isSo: () => Promise<boolean>) {
      for (let passed = 0; passed <= atMostMs; passed += 5 * second) {
        if (await isSo()) return;
        await time.advance(5 * second);
        await traffic.quiet();
      }
      assert.fail(`not within ${atMostMs / minute} min: ${what}`);
    },
    correctClock() {
      ahead = 0;
    },
    async restart() {
      await mirror.close();
      mirror = await open();
      return mirror;
    },
    entry: async (id: number | null) => mirror.store.outbox.get(id ?? assert.fail()),
  };
}

test("polls go on", async (t) => {
  const { emulator, store, card, within, correctClock } = await openStage(t);
  correctClock();
  emulator.world.edit(card.nativeId, { title: "Changed after the correction" });
  await within(3 * minute, "the change is read", async () =>
    (await readAllCards(store)).some(({ title }) => title === "Changed after the correction"),
  );
});

test("a change that waits for the end of a rate limit waits no longer than it was told", async (t) => {
  const { emulator, store, sync, card, within, correctClock, entry } = await openStage(t);
  emulator.faults.add({ kind: "rate-limit", value: 600, path: "/issues/" });
  const queued = await store.outbox.edit(card.id, [{ field: "title", from: card.title, to: "Mine" }], by);
  sync.changed(queued);
  await eventually(async () => (await entry(queued.operation)).state === "waiting" || undefined, "it waits");
  correctClock();
  emulator.requests.clear();
  await within(12 * minute, "it is written", async () => (await entry(queued.operation)).state === "written");
  const [first = assert.fail()] = emulator.requests.list();
  assert.ok(
    first.at >= (await entry(queued.operation)).createdAt - dayMs + 600 * second - minute,
    "and not much sooner",
  );
});

test("a creation without an answer is found, and its duplicate too", async (t) => {
  const { emulator, store, sync, within, correctClock, entry } = await openStage(t);
  const [source = assert.fail()] = await store.sources.list();
  emulator.faults.add({ kind: "drop", method: "POST", path: "/issues" });
  const queued = await store.outbox.create(source.id, { ...blankDraft, title: "Once" }, by);
  sync.changed(queued);
  await within(3 * minute, "it is sent again", async () => (await entry(queued.operation)).state === "written");
  const sent = emulator.requests.list().find(({ method, body }) => method === "POST" && body.includes("Once"));
  assert.ok(sent);
  const late = await fetch(emulator.url + sent.url, {
    method: "POST",
    headers: {
      authorization: String(sent.headers["authorization"]),
      "content-type": "application/json",
      "user-agent": "late",
    },
    body: sent.body,
  });
  assert.equal(late.status, 201);
  correctClock();
  await within(3 * minute, "the duplicate is found", async () => (await entry(queued.operation)).twins.length === 1);
});

test("a comment that was on its way is looked for and not repeated", async (t) => {
  const { emulator, store, sync, card, within, correctClock, entry } = await openStage(t);
  emulator.faults.add({ kind: "lost-answer", method: "POST", path: "/comments" });
  const queued = await store.outbox.comment(card.id, { kind: "comment", body: "Once" }, by);
  sync.changed(queued);
  await eventually(async () => (await entry(queued.operation)).state === "unknown" || undefined, "its answer is lost");
  correctClock();
  await within(4 * minute, "it is found", async () => (await entry(queued.operation)).state === "written");
  const comments = emulator.world.comments?.(card.nativeId) ?? [];
  assert.equal(comments.filter(({ body }) => body.includes("Once")).length, 1);
});

test("the next process reads what changed after the correction", async (t) => {
  const { emulator, sync, card, correctClock, restart } = await openStage(t);
  await sync.syncNow();
  correctClock();
  const { store, sync: next } = await restart();
  emulator.world.edit(card.nativeId, { title: "Changed after the correction" });
  assert.deepEqual((await next.syncNow()).failures, []);
  assert.ok((await readAllCards(store)).some(({ title }) => title === "Changed after the correction"));
});
