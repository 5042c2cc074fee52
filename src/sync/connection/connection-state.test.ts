import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { emulatedTrackers, startEmulator } from "../../../emulators/start.ts";
import { assertMirrorEquals, readAllCards } from "../../../test/support/compare.ts";
import { createTestMirror, type TestMirror, toConnection, toSources } from "../../../test/support/mirror.ts";
import { createVirtualClock } from "../../../test/support/virtual-clock.ts";
import { withEmulator, statusOf } from "../../../test/support/with-emulator.ts";
import type { SyncEvent } from "../sync-engine.ts";

for (const tracker of emulatedTrackers) {
  describe(tracker, () => {
    test("a revoked token keeps the mirror and stops polling; a new token resumes it", async () => {
      await withEmulator(tracker, {}, async (emulator) => {
        const mirror = await createTestMirror([emulator]);
        await mirror.sync.syncNow();
        const before = await mirror.store.board.total();
        emulator.faults.add({ kind: "revoked", times: Number.POSITIVE_INFINITY });
        const refused = await mirror.sync.syncNow();
        assert.deepEqual([...new Set(refused.failures.map((failure) => failure.error.code))], ["auth"]);
        assert.equal(statusOf(mirror.sync, tracker).health, "auth");
        assert.equal(await mirror.store.board.total(), before);

        emulator.faults.clear();
        const connection = toConnection(emulator, emulator.otherCredentials);
        await mirror.sync.configure({ ...mirror.plan, connections: [connection] });
        assert.deepEqual((await mirror.sync.syncNow()).failures, []);
        assert.equal(statusOf(mirror.sync, tracker).health, "ok");
        await mirror.close();
      });
    });
  });
}

test(
  "refused credentials are probed with one request every fifteen minutes, and polling resumes when they are accepted again",
  { timeout: 30_000 },
  async (t) => {
    const minute = 60_000;
    const clock = createVirtualClock();
    const emulator = await startEmulator("github", { issues: 20, seed: 7, sources: 2, now: clock.now });
    t.after(() => emulator.close());
    const mirror = await createTestMirror([emulator], { clock });
    t.after(() => mirror.close());
    await mirror.sync.syncNow();
    mirror.sync.watch({ board: true });
    emulator.faults.add({ kind: "revoked", times: Number.POSITIVE_INFINITY });
    mirror.sync.start();
    /** Advances the clock, and waits whenever something is due until it is done. */
    const pass = async (ms: number) => {
      for (let passed = 0; passed < ms; passed += minute / 2) {
        await clock.advance(minute / 2);
        while ((statusOf(mirror.sync, "github").nextSyncAt ?? 0) <= clock.now()) await setImmediate();
        await clock.untilAsleep(1);
      }
    };
    await pass(5 * minute);
    assert.equal(statusOf(mirror.sync, "github").health, "auth");
    emulator.requests.clear();
    await pass(60 * minute);
    assert.equal(emulator.requests.count(), 4, "in an hour");

    emulator.faults.clear();
    emulator.requests.clear();
    await pass(16 * minute);
    assert.equal(statusOf(mirror.sync, "github").health, "ok");
    const asked = emulator.requests.list().map(({ url }) => url);
    for (const { key } of emulator.sources)
      assert.ok(
        asked.some((url) => url.includes(key)),
        key,
      );
  },
);

test("a rate-limited tracker gets no request before its allowed time, and delays no other tracker", async () => {
  const clock = createVirtualClock();
  const limited = await startEmulator("github", { issues: 40, seed: 7, now: clock.now });
  const other = await startEmulator("linear", { issues: 40, seed: 7, now: clock.now });
  const mirror = await createTestMirror([limited, other], { clock });
  await mirror.sync.syncNow();
  const stopWatching = mirror.sync.watch({ board: true });

  limited.faults.add({ kind: "rate-limit", value: 600, times: 1 });
  const outcome = await mirror.sync.syncNow();
  assert.ok(outcome.failures.every((failure) => failure.error.code === "rate_limited"));
  assert.equal(statusOf(mirror.sync, "github").health, "limited");
  assert.equal(statusOf(mirror.sync, "linear").health, "ok");

  const limitedFrom = clock.now();
  limited.requests.clear();
  other.requests.clear();
  mirror.sync.start();
  const [issue] = other.world.issues();
  assert.ok(issue);
  // Ten minutes, in steps that let each poll's requests be answered.
  for (let step = 0; step < 59; step += 1) {
    await clock.untilAsleep(1);
    await clock.advance(10_000);
    await mirror.sync.syncNow({ connection: "linear" });
  }
  assert.equal(limited.requests.count(), 0, "nothing was sent while limited");
  assert.ok(other.requests.count() > 5, "the other went on");
  assert.ok(clock.now() - limitedFrom < 600_000);

  await clock.advance(30_000);
  const [late] = limited.world.issues();
  assert.ok(late);
  limited.world.edit(late.nativeId, { title: "Changed while limited" });
  const after = await mirror.sync.syncNow();
  assert.deepEqual(after.failures, []);
  await assertMirrorEquals(mirror.store, [limited, other]);
  stopWatching();
  await mirror.close();
  await Promise.all([limited.close(), other.close()]);
});

test("an unresponsive tracker delays no other tracker", async (t) => {
  const silent = await startEmulator("github", { issues: 5, seed: 7, sources: 1 });
  t.after(() => silent.close());
  const other = await startEmulator("linear", { issues: 5, seed: 7, sources: 1 });
  t.after(() => other.close());
  const mirror = await createTestMirror([silent, other]);
  silent.faults.add({ kind: "slow", value: 20_000, times: Number.POSITIVE_INFINITY });
  // The sync is stopped before it ends.
  const syncing = assert.rejects(mirror.sync.syncNow(), { code: "busy" });
  const isOver = (connection: string) => (event: SyncEvent) =>
    event.type === "progress" && event.connection === connection && event.finished;
  await mirror.event(isOver("linear"));
  assert.equal((await readAllCards(mirror.store)).length, 5);
  assert.deepEqual(mirror.events.filter(isOver("github")), []);
  await mirror.close();
  await syncing;
});

test("a rate limit stays in force after the process restarts", async () => {
  const clock = createVirtualClock();
  const emulator = await startEmulator("github", { issues: 5, seed: 7, sources: 1, now: clock.now });
  const folder = await mkdtemp(join(tmpdir(), "panopticon-limit-"));
  const plan = { connections: [toConnection(emulator)], sources: toSources(emulator) };
  const other = { ...plan, connections: [toConnection(emulator, emulator.otherCredentials)] };
  /** Opens the mirror as a new process would; returns its health, the result of a sync, and the requests of that. */
  const runAnew = async (from = plan, at = clock) => {
    const mirror = await createTestMirror([emulator], { clock: at, folder, plan: from });
    const { health } = statusOf(mirror.sync, "github");
    emulator.requests.clear();
    const { failures } = await mirror.sync.syncNow();
    await mirror.close();
    const [error] = failures.map((failure) => failure.error);
    return { health, retryAt: error?.retryAt ?? null, code: error?.code ?? null, requests: emulator.requests.count() };
  };
  try {
    emulator.faults.add({ kind: "rate-limit", value: 600, times: 1 });
    const { code, retryAt } = await runAnew();
    assert.equal(code, "rate_limited");
    await clock.advance(60_000);
    const waits = { health: "limited", code: "rate_limited", requests: 0 };
    assert.deepEqual(await runAnew(), { ...waits, retryAt });
    const early = { ...clock, now: () => clock.now() - 86_400_000 };
    const { retryAt: later, ...setBack } = await runAnew(plan, early);
    assert.deepEqual(setBack, waits, "the clock was set back by a day meanwhile");
    assert.ok(later !== null && later - early.now() <= 600_000, "it waits no longer than it was told");
    const others = await runAnew(other);
    assert.deepEqual([others.health, others.code], ["ok", null], "nobody told these credentials to wait");
    await clock.advance(600_000);
    const after = await runAnew();
    assert.deepEqual([after.health, after.code], ["ok", null]);
    assert.ok(after.requests > 0);
  } finally {
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test("two accounts of one tracker work side by side", async () => {
  const emulator = await startEmulator("github", { issues: 40, seed: 7 });
  const [one, two] = toSources(emulator);
  assert.ok(one && two);
  const plan = {
    connections: [toConnection(emulator), { ...toConnection(emulator, emulator.otherCredentials), id: "work" }],
    sources: [one, { ...two, id: `work:${two.key}`, connection: "work" }],
  };
  const mirror = await createTestMirror([emulator], { plan });
  assert.deepEqual((await mirror.sync.syncNow()).failures, []);
  await assertMirrorEquals(mirror.store, [emulator]);
  const logins = mirror.sync.status().map((status) => status.account?.login);
  assert.equal(new Set(logins).size, 2, String(logins));
  await mirror.close();
  await emulator.close();
});

test("permissions are read again when a key is replaced, even while no process ran", async () => {
  const folder = await mkdtemp(join(tmpdir(), "panopticon-rights-"));
  try {
    await withEmulator("linear", { issues: 10, sources: 1 }, async (emulator) => {
      const sources = toSources(emulator);
      const reading = { connections: [toConnection(emulator, emulator.weakCredentials.values)], sources };
      const writing = { connections: [toConnection(emulator)], sources };
      const mayWrite = async ({ sync, store }: TestMirror) => {
        assert.deepEqual((await sync.syncNow()).failures, []);
        return (await store.sources.list()).map(({ form }) => form?.writable.allowed);
      };
      const mirror = await createTestMirror([emulator], { folder, plan: reading });
      assert.deepEqual(await mayWrite(mirror), [false]);
      await mirror.sync.configure(writing);
      assert.deepEqual(await mayWrite(mirror), [true]);
      await mirror.sync.configure(reading);
      assert.deepEqual(await mayWrite(mirror), [false]);
      await mirror.close();

      const next = await createTestMirror([emulator], { folder, plan: writing });
      assert.deepEqual(await mayWrite(next), [true]);
      await next.close();
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("a tracker that responds again is no longer unreachable, even if it refuses", async () => {
  await withEmulator("github", { issues: 10, sources: 1 }, async (emulator) => {
    const mirror = await createTestMirror([emulator]);
    emulator.faults.add({ kind: "server-error", value: 501, times: Number.POSITIVE_INFINITY });
    await mirror.sync.syncNow();
    assert.equal(statusOf(mirror.sync, "github").health, "unreachable");
    emulator.faults.clear();
    for (const { key } of emulator.sources) emulator.world.hideSource(key, true);
    await mirror.sync.syncNow();
    const { health, error } = statusOf(mirror.sync, "github");
    assert.deepEqual([health, error?.code], ["misconfigured", "not_found"]);
    for (const { key } of emulator.sources) emulator.world.hideSource(key, false);
    await mirror.sync.syncNow();
    assert.equal(statusOf(mirror.sync, "github").health, "ok");
    await mirror.close();
  });
});
