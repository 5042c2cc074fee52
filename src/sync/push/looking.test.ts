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
import { untilSettled } from "../../../test/support/settle-on-clock.ts";
import { eventually } from "../../../test/support/stage.ts";
import { createVirtualClock } from "../../../test/support/virtual-clock.ts";
import { PanopticonError } from "../../domain/error.ts";

// When the tracker is searched for what an earlier attempt of a creation may have made. Every search costs requests; a missing one costs a duplicate.

const minute = 60_000;
/** A request's deadline and GitHub's lag. */
const lookAfterMs = 35_000;

const kinds = [
  { kind: "create", path: /\/issues$/ },
  { kind: "comment", path: /\/comments$/ },
] as const;

/** A mirror of GitHub with a new issue or a new comment that waits to be sent, and the searches for it. */
async function openStage(t: TestContext, kind: "create" | "comment") {
  const clock = createVirtualClock();
  const emulator = await startEmulator("github", { issues: 3, seed: 7, sources: 1, now: clock.now });
  const folder = await mkdtemp(join(tmpdir(), "panopticon-looking-"));
  let searches = 0;
  let isFull = false;
  const wrap = observing(
    () => (searches += 1),
    () => isFull,
  );
  let mirror = await createTestMirror([emulator], { clock, folder, crash: { wrap } });
  t.after(async () => {
    await mirror.close();
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  });
  await untilSettled(mirror.sync.syncNow(), clock);
  const [source] = await mirror.store.sources.list();
  const [card] = await readAllCards(mirror.store);
  assert.ok(source && card);
  const { operation } =
    kind === "create"
      ? await mirror.store.outbox.create(source.id, { ...blankDraft, title: "Once" }, by)
      : await mirror.store.outbox.comment(card.id, { kind, body: "Once" }, by);
  assert.ok(operation !== null);
  const sent = () => emulator.requests.list().filter(({ method, body }) => method === "POST" && body.includes("Once"));
  return {
    clock,
    emulator,
    sent,
    entry: () => mirror.store.outbox.get(operation),
    deliver: () => untilSettled(mirror.sync.deliver(10_000), clock),
    /** Searches since the last call. */
    searches() {
      const count = searches;
      searches = 0;
      return count;
    },
    /** What the tracker has of it, oldest first, as the outbox names it. */
    keys: () =>
      kind === "create"
        ? emulator.world.issues().flatMap(({ title, key }) => (title === "Once" ? [source.config.refPrefix + key] : []))
        : (emulator.world.comments?.(card.nativeId) ?? []).flatMap(({ id, body }) =>
            body.includes("Once") ? [id] : [],
          ),
    start: () => mirror.sync.start(),
    fillDisk(full: boolean) {
      isFull = full;
    },
    /** Has the tracker carry out a request once more, as one that it had kept waiting. */
    async carryOutLate() {
      const [first = assert.fail()] = sent();
      const { authorization = "" } = first.headers;
      const response = await fetch(emulator.url + first.url, {
        method: "POST",
        headers: { authorization: String(authorization), "content-type": "application/json", "user-agent": "late" },
        body: first.body,
      });
      assert.equal(response.status, 201);
    },
    async restart() {
      await mirror.close();
      mirror = await createTestMirror([emulator], { clock, folder, crash: { wrap } });
    },
  };
}

for (const { kind, path } of kinds) {
  const method = "POST";
  const faultPath = path.source.replace(/[\\$]/g, "");

  test(`${kind}: what is sent for the first time is not searched for, neither before nor after`, async (t) => {
    const { clock, deliver, entry, searches, keys, restart } = await openStage(t, kind);
    await deliver();
    assert.deepEqual([(await entry()).state, keys().length], ["written", 1]);
    await restart();
    await clock.advance(60 * minute);
    await deliver();
    assert.equal(searches(), 0);
  });

  test(`${kind}: what a rate limit stopped is searched for when it is sent again, and not later`, async (t) => {
    const { clock, emulator, deliver, entry, searches, keys, restart } = await openStage(t, kind);
    emulator.faults.add({ kind: "rate-limit", value: 120, method, path: faultPath });
    await deliver();
    assert.deepEqual([(await entry()).state, searches()], ["waiting", 0]);
    await clock.advance(3 * minute);
    await deliver();
    assert.deepEqual([(await entry()).state, keys().length], ["written", 1]);
    assert.ok(searches() > 0);
    await restart();
    await clock.advance(60 * minute);
    await deliver();
    assert.equal(searches(), 0);
  });

  test(`${kind}: what lost its answer is searched for once, when the tracker certainly shows it`, async (t) => {
    const { clock, emulator, deliver, entry, searches, keys } = await openStage(t, kind);
    emulator.faults.add({ kind: "lost-answer", method, path: faultPath });
    await deliver();
    await clock.advance(lookAfterMs - 1_000);
    await deliver();
    assert.deepEqual([(await entry()).state, searches()], ["unknown", 0]);
    await clock.advance(2_000);
    await deliver();
    assert.deepEqual([(await entry()).state, searches(), keys().length], ["written", 1, 1]);
    await clock.advance(60 * minute);
    await deliver();
    assert.equal(searches(), 0, "it was sent only once: there is no twin");
  });

  test(`${kind}: the process after one that died while sending waits as long before it searches`, async (t) => {
    const { clock, deliver, entry, searches, keys, fillDisk, restart } = await openStage(t, kind);
    fillDisk(true);
    await deliver();
    assert.deepEqual([(await entry()).settledAt, keys().length], [null, 1]);
    await restart();
    fillDisk(false);
    searches();
    await deliver();
    assert.deepEqual([(await entry()).state, searches()], ["unknown", 0]);
    await clock.advance(lookAfterMs + 1_000);
    await deliver();
    assert.deepEqual([(await entry()).state, searches(), keys().length], ["written", 1, 1]);
  });

  test(`${kind}: what was sent twice without an answer is searched for again later, although one is found`, async (t) => {
    const { clock, emulator, deliver, entry, searches, keys, carryOutLate } = await openStage(t, kind);
    emulator.faults.add({ kind: "drop", method, path: faultPath });
    await deliver();
    emulator.faults.add({ kind: "lost-answer", method, path: faultPath });
    await clock.advance(minute);
    await deliver();
    assert.deepEqual([(await entry()).state, keys().length], ["unknown", 1]);
    await clock.advance(minute);
    await deliver();
    assert.deepEqual([(await entry()).state, (await entry()).twins], ["written", []]);
    await carryOutLate();
    await clock.advance(minute);
    searches();
    await deliver();
    assert.deepEqual([searches(), keys().length, (await entry()).twins.length], [1, 2, 1]);
    await clock.advance(60 * minute);
    await deliver();
    assert.equal(searches(), 0);
  });

  test(`${kind}: of two that are found, even much later, the first counts and the other is its duplicate`, async (t) => {
    const { clock, emulator, deliver, entry, keys, carryOutLate } = await openStage(t, kind);
    emulator.faults.add({ kind: "lost-answer", method, path: faultPath });
    await deliver();
    await clock.advance(60 * minute);
    await carryOutLate();
    await deliver();
    const [first, second] = keys();
    const { state, twins, ref, payload } = await entry();
    assert.deepEqual([state, kind === "create" ? ref : payload.comment?.id, twins], ["written", first, [second]]);
  });

  test(`${kind}: the search for a duplicate begins by itself`, async (t) => {
    const { clock, emulator, deliver, entry, searches, start } = await openStage(t, kind);
    emulator.faults.add({ kind: "drop", method, path: faultPath });
    await deliver();
    await clock.advance(minute);
    start();
    await eventually(async () => (await entry()).state === "written" || undefined, "it is sent again");
    searches();
    // Nothing but its own time wakes the outbox.
    await clock.untilAsleep(lookAfterMs);
    await clock.advance(lookAfterMs);
    await eventually(() => searches() > 0 || undefined, "it is searched for");
  });

  test(`${kind}: a search without a result is repeated once, when no list is that late any more`, async (t) => {
    const { clock, emulator, deliver, entry, searches } = await openStage(t, kind);
    emulator.faults.add({ kind: "drop", method, path: faultPath });
    await deliver();
    await clock.advance(minute);
    await deliver();
    assert.equal((await entry()).state, "written");
    searches();
    const counts: number[] = [];
    for (let passed = 0; passed < 30; passed += 1) {
      await clock.advance(minute);
      await deliver();
      counts.push(searches());
    }
    assert.deepEqual(
      counts.flatMap((count, passed) => (count > 0 ? [[passed + 1, count]] : [])),
      [
        [1, 1],
        [10, 1],
      ],
    );
  });
}

/** Counts the searches of a connection; a store that cannot record what a request led to while the disk is full. */
function observing(onSearch: () => void, isFull: () => boolean) {
  const recording = new Set(["named", "stepDone", "settle", "postpone"]);
  return function wrap<T extends object>(part: T): T {
    return new Proxy(part, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value === "function") {
          return (...args: unknown[]) => {
            if (name === "findCreated" || name === "findComments") onSearch();
            if (isFull() && recording.has(String(name))) throw new PanopticonError("internal", "The disk is full.");
            return Reflect.apply(value, target, args) as unknown;
          };
        }
        return typeof value === "object" && value !== null ? wrap(value) : value;
      },
    });
  };
}
