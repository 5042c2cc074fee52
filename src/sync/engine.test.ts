import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { Emulator } from "../../emulators/emulator.ts";
import { emulatedTrackers, startEmulator } from "../../emulators/start.ts";
import { assertMirrorEquals, readAllCards } from "../../test/support/compare.ts";
import { createTestMirror, ninetyDaysMs, type TestMirror, toConnection, toSources } from "../../test/support/mirror.ts";
import { createVirtualClock } from "../../test/support/virtual-clock.ts";
import { systemClock } from "../domain/clock.ts";
import { findTracker } from "../trackers/registry.ts";
import type { ConnectionStatus, SyncEngine } from "./sync-engine.ts";

async function withEmulator(
  tracker: string,
  options: Partial<Parameters<typeof startEmulator>[1]>,
  work: (emulator: Emulator) => Promise<void>,
): Promise<void> {
  const emulator = await startEmulator(tracker, { issues: 60, seed: 7, ...options });
  try {
    await work(emulator);
  } finally {
    await emulator.close();
  }
}

function statusOf(sync: SyncEngine, connection: string): ConnectionStatus {
  const status = sync.status().find((each) => each.connection === connection);
  assert.ok(status);
  return status;
}

/** The requests of each tracker's list, for faults that hit these alone. */
const lists: Readonly<Record<string, { readonly path?: string; readonly body?: string }>> = {
  linear: { body: "issues(" },
  jira: { body: "jql" },
  rally: { path: "/artifact?" },
};

for (const tracker of emulatedTrackers) {
  describe(tracker, () => {
    test("the first sync brings every issue, and nothing else", async () => {
      await withEmulator(tracker, { issues: 450 }, async (emulator) => {
        const mirror = await createTestMirror([emulator]);
        const result = await mirror.sync.syncNow();
        assert.deepEqual(result.failures, []);
        await assertMirrorEquals(mirror.store, [emulator]);
        assert.equal(statusOf(mirror.sync, tracker).health, "ok");
        assert.deepEqual(await mirror.store.check(), []);
        await mirror.close();
      });
    });

    test("issues closed longer ago than the history stay outside, and are counted where the tracker can", async () => {
      await withEmulator(tracker, { issues: 300 }, async (emulator) => {
        const mirror = await createTestMirror([emulator], { historyMs: ninetyDaysMs });
        await mirror.sync.syncNow();
        const since = Date.now() - ninetyDaysMs;
        const inside = emulator.world.issues().filter((issue) => !issue.closed || issue.updatedAt >= since);
        const outside = emulator.world.issues().length - inside.length;
        assert.ok(outside > 0, "the seed has old closed issues");
        assert.deepEqual(
          (await readAllCards(mirror.store)).map((card) => card.nativeId).sort(),
          inside.map((issue) => issue.nativeId).sort(),
        );
        const told = (await mirror.store.sources.list()).map((row) => row.sync.outside);
        assert.ok(told.every((each) => each !== null && each.reason.includes("90 days")));
        const counts = told.map((each) => each?.count ?? null);
        if (findTracker(tracker)?.capabilities.countsOutside) {
          assert.equal(
            counts.reduce<number>((sum, count) => sum + (count ?? Number.NaN), 0),
            outside,
          );
        } else {
          assert.ok(
            counts.every((count) => count === null),
            "what cannot be counted is not given a number",
          );
        }
        await mirror.close();
      });
    });

    test("an idle poll is one request and no event; a change is at most two and one event", async () => {
      await withEmulator(tracker, { issues: 300, sources: 1 }, async (emulator) => {
        const mirror = await createTestMirror([emulator]);
        await mirror.sync.syncNow();
        await mirror.sync.syncNow();
        emulator.requests.clear();
        mirror.events.length = 0;
        assert.equal((await mirror.sync.syncNow()).changed, 0);
        assert.equal(emulator.requests.count(), 1);
        assert.deepEqual(
          mirror.events.filter((event) => event.type === "change"),
          [],
        );

        const [issue] = emulator.world.issues();
        assert.ok(issue);
        emulator.world.edit(issue.nativeId, { title: "Renamed by somebody else" });
        emulator.requests.clear();
        assert.equal((await mirror.sync.syncNow()).changed, 1);
        assert.ok(emulator.requests.count() <= 2, `${emulator.requests.count()} requests`);
        const changes = mirror.events.filter((event) => event.type === "change");
        assert.deepEqual(
          changes.map((event) => event.refs.length),
          [1],
        );
        await assertMirrorEquals(mirror.store, [emulator]);
        await mirror.close();
      });
    });

    test("a run that breaks goes on where it stopped, after a restart too", async () => {
      await withEmulator(tracker, { issues: 1500, sources: 1, closed: 0.2, largestPage: 200 }, async (emulator) => {
        const folder = await mkdtemp(join(tmpdir(), "panopticon-resume-"));
        const whole = await createTestMirror([emulator]);
        await whole.sync.syncNow();
        const needed = emulator.requests.count();
        await whole.close();

        emulator.faults.add({ kind: "reset", after: 3, times: 20, ...(lists[tracker] ?? { path: "/issues?" }) });
        const first = await createTestMirror([emulator], { folder });
        const broken = await first.sync.syncNow();
        assert.equal(broken.failures.length, 1, "the run fails");
        assert.ok((await first.store.board.total()) > 0, "what was read is kept");
        await first.close();

        emulator.faults.clear();
        emulator.requests.clear();
        const second = await createTestMirror([emulator], { folder });
        assert.deepEqual((await second.sync.syncNow()).failures, []);
        assert.ok(emulator.requests.count() < needed, `${emulator.requests.count()} of ${needed}`);
        await assertMirrorEquals(second.store, [emulator]);
        await second.close();
        await rm(folder, { recursive: true });
      });
    });

    test("a sweep finds what was deleted and moved, and leaves alone what merely cannot be read", async () => {
      await withEmulator(tracker, { issues: 120 }, async (emulator) => {
        const mirror = await createTestMirror([emulator]);
        await mirror.sync.syncNow();
        const [one, two] = emulator.sources;
        assert.ok(one && two);
        const [deleted, moved] = emulator.world.issues(one.key);
        assert.ok(deleted && moved);
        emulator.world.delete(deleted.nativeId);
        emulator.world.move(moved.nativeId, two.key);
        const result = await mirror.sync.syncNow({ sweep: true });
        assert.deepEqual(result.failures, []);
        await assertMirrorEquals(mirror.store, [emulator]);
        const history = await mirror.store.history.list({ limit: 50 });
        assert.ok(
          history.some((entry) => entry.title === deleted.title),
          "the history says that it is gone",
        );

        const before = await mirror.store.board.total();
        emulator.world.hideSource(two.key, true);
        const hidden = await mirror.sync.syncNow({ sweep: true });
        assert.equal(hidden.failures.length, 1);
        assert.equal(await mirror.store.board.total(), before, "no access is not gone");
        assert.equal(statusOf(mirror.sync, tracker).health, "misconfigured");
        emulator.world.hideSource(two.key, false);
        assert.deepEqual((await mirror.sync.syncNow({ sweep: true })).failures, []);
        await mirror.close();
      });
    });

    test("a record that does not parse is put aside and counted; the rest of the page goes on", async () => {
      await withEmulator(tracker, {}, async (emulator) => {
        const [issue] = emulator.world.issues();
        assert.ok(issue);
        emulator.world.malform(issue.nativeId, "wrong-type");
        const mirror = await createTestMirror([emulator]);
        await mirror.sync.syncNow();
        await assertMirrorEquals(mirror.store, [emulator], new Set([issue.nativeId]));
        const rejected = async () => (await mirror.store.sources.list()).reduce((sum, row) => sum + row.rejected, 0);
        assert.equal(await rejected(), 1);

        emulator.world.malform(issue.nativeId, null);
        emulator.world.edit(issue.nativeId, { title: "Mended" });
        await mirror.sync.syncNow();
        await assertMirrorEquals(mirror.store, [emulator]);
        assert.equal(await rejected(), 0);
        await mirror.close();
      });
    });

    test("a renamed label reaches every card", async () => {
      await withEmulator(tracker, {}, async (emulator) => {
        const mirror = await createTestMirror([emulator]);
        await mirror.sync.syncNow();
        const issue = emulator.world.issues().find((each) => each.labels.length > 0);
        const label = issue?.labels[0];
        assert.ok(issue && label);
        emulator.world.renameLabel(issue.sourceKey, label, "A new name");
        await mirror.sync.syncNow({ sweep: true });
        await assertMirrorEquals(mirror.store, [emulator]);
        await mirror.close();
      });
    });

    test("a renamed state and a renamed person reach every card, and the words they are filtered by", async (t) => {
      await withEmulator(tracker, {}, async (emulator) => {
        const { world } = emulator;
        const mirror = await createTestMirror([emulator]);
        await mirror.sync.syncNow();
        const before = await readAllCards(mirror.store);
        const login = before.flatMap((card) => card.assignees)[0]?.login;
        assert.ok(login !== undefined);
        const theirs = before.filter((card) => card.assignees.some((person) => person.login === login));
        const state = before.find((card) => card.status === "in_progress")?.nativeState;
        const inState = before.filter((card) => card.nativeState.id === state?.id);

        assert.ok(world.renamePerson !== undefined, "the emulator needs `world.renamePerson`");
        world.renamePerson(login, "new-name");
        // As the tracker itself names it; the mirror may put two of its fields together.
        const written = world.issues().find((issue) => issue.nativeId === inState[0]?.nativeId)?.state ?? "";
        // Rally's states are values of fields: there is nothing that could be called something else.
        const renameState = tracker === "rally" ? undefined : world.renameState;
        if (renameState === undefined) t.diagnostic("its states have no names that can change");
        else renameState(inState[0]?.sourceKey ?? "", written, "Under the Hammer");
        mirror.events.length = 0;
        await mirror.sync.syncNow({ sweep: true });

        const after = new Map((await readAllCards(mirror.store)).map((card) => [card.id, card]));
        for (const card of theirs) {
          const shown = after.get(card.id)?.assignees.map((person) => [person.login, person.name]) ?? [];
          assert.ok(
            shown.some((names) => names.includes("new-name")),
            `${card.ref}: ${JSON.stringify(shown)}`,
          );
        }
        const told = new Set(mirror.events.flatMap((event) => (event.type === "change" ? event.refs : [])));
        for (const card of theirs) assert.ok(told.has(card.ref), `${card.ref} was told`);
        if (renameState !== undefined) {
          for (const card of inState.filter(({ sourceKey }) => sourceKey === inState[0]?.sourceKey)) {
            assert.match(after.get(card.id)?.nativeState.name ?? "", /Under the Hammer/, card.ref);
            assert.ok(told.has(card.ref), `${card.ref} was told`);
          }
        }
        await mirror.close();
      });
    });

    test("a revoked token keeps what is mirrored, stops polling, and a new token goes on", async () => {
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

    test("a clock that is off by a day, in either direction, loses nothing", async () => {
      for (const skewMs of [-86_400_000, 86_400_000]) {
        await withEmulator(tracker, {}, async (emulator) => {
          const clock = { ...systemClock, now: () => Date.now() + skewMs };
          const mirror = await createTestMirror([emulator], { clock });
          await mirror.sync.syncNow();
          const [issue] = emulator.world.issues();
          assert.ok(issue);
          emulator.world.edit(issue.nativeId, { title: `Changed while the clock was ${skewMs} off` });
          await mirror.sync.syncNow();
          await assertMirrorEquals(mirror.store, [emulator]);
          await mirror.close();
        });
      }
    });

    test("an opened issue brings its comments, which can then be searched", async () => {
      await withEmulator(tracker, {}, async (emulator) => {
        const mirror = await createTestMirror([emulator]);
        await mirror.sync.syncNow();
        const [issue] = emulator.world.issues();
        assert.ok(issue);
        emulator.world.comment(issue.nativeId, "Seen again, with a xylophone this time");
        const find = (q: string) =>
          mirror.store.board.issues({
            filter: { q },
            sort: { key: "updated", reverse: false },
            limit: 5,
            cursor: null,
            me: {},
          });
        assert.equal((await find("xylophone")).total, 0);
        const card = (await readAllCards(mirror.store)).find((each) => each.nativeId === issue.nativeId);
        assert.ok(card);
        await mirror.sync.refreshIssue(card.id);
        assert.ok((await mirror.store.comments.list(card.id)).some((comment) => comment.body.includes("xylophone")));
        assert.deepEqual(
          (await find("xylophone")).issues.map((found) => found.ref),
          [card.ref],
        );
        await mirror.close();
      });
    });
  });
}

test("a limited tracker is not asked before it allows it, and delays nobody else", async () => {
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
  // Ten minutes, in steps that let the requests of each poll be answered.
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

test("a limit outlives the process that met it", async () => {
  const clock = createVirtualClock();
  const emulator = await startEmulator("github", { issues: 5, seed: 7, sources: 1, now: clock.now });
  const folder = await mkdtemp(join(tmpdir(), "panopticon-limit-"));
  const plan = { connections: [toConnection(emulator)], sources: toSources(emulator) };
  const other = { ...plan, connections: [toConnection(emulator, emulator.otherCredentials)] };
  /** Opens the mirror as a new process would; gives how it stands, what comes of a sync, and what that asked. */
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

test("a change is answered before anything is done to send it", async () => {
  await withEmulator("github", { issues: 5, sources: 1 }, async (emulator) => {
    const mirror = await createTestMirror([emulator]);
    const { store, sync } = mirror;
    try {
      await sync.syncNow();
      sync.start();
      const [card] = await readAllCards(store);
      assert.ok(card);
      const by = { actor: "you", session: "s1" };
      const queued = await store.outbox.edit(card.id, [{ field: "title", from: card.title, to: "Mine" }], by);
      sync.changed(queued);
      // What an answer is made of: reads of the mirror, which the sending would come in between.
      for (let read = 0; read < 20; read += 1) await store.board.card(card.id);
      const { state, attempts } = await store.outbox.get(queued.operation ?? 0);
      assert.deepEqual([state, attempts], ["queued", 0]);
      await sync.deliver(10_000);
      assert.equal(emulator.world.issues().filter(({ title }) => title === "Mine").length, 1);
    } finally {
      await mirror.close();
    }
  });
});

test("two accounts of one tracker live side by side", async () => {
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

test("what a key may do is read again when it is replaced, also while no process ran", async () => {
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

test("a tracker that answers again is no longer called unreachable, also when it refuses", async () => {
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
