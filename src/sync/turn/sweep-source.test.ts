import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { emulatedTrackers } from "../../../emulators/start.ts";
import { assertMirrorEquals, readAllCards } from "../../../test/support/compare.ts";
import { createTestMirror, ninetyDaysMs } from "../../../test/support/mirror.ts";
import { untilSettled } from "../../../test/support/settle-on-clock.ts";
import { createVirtualClock } from "../../../test/support/virtual-clock.ts";
import { withEmulator, statusOf } from "../../../test/support/with-emulator.ts";

for (const tracker of emulatedTrackers) {
  describe(tracker, () => {
    test("a sweep finds deleted and moved issues, and keeps those that merely cannot be read", async () => {
      await withEmulator(tracker, { issues: 120 }, async (emulator) => {
        const mirror = await createTestMirror([emulator]);
        await mirror.sync.syncNow();
        const [one, two] = emulator.sources;
        assert.ok(one && two);
        const [deleted, moved] = emulator.world.issues(one.key);
        assert.ok(deleted && moved);
        emulator.world.delete(deleted.nativeId);
        emulator.world.move?.(moved.nativeId, two.key);
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

    test("sweeps for vanished issues once a day and not more often", async () => {
      const clock = createVirtualClock();
      await withEmulator(tracker, { issues: 40, now: () => clock.now() }, async (emulator) => {
        const mirror = await createTestMirror([emulator], { clock });
        await untilSettled(mirror.sync.syncNow(), clock);
        const [one = assert.fail()] = emulator.sources;
        const [deleted = assert.fail()] = emulator.world.issues(one.key);
        emulator.world.delete(deleted.nativeId);
        const isShown = async () =>
          (await readAllCards(mirror.store)).some(({ nativeId }) => nativeId === deleted.nativeId);
        await clock.advance(23 * 3_600_000);
        assert.deepEqual((await untilSettled(mirror.sync.syncNow(), clock)).failures, []);
        assert.equal(await isShown(), true);
        await clock.advance(2 * 3_600_000);
        assert.deepEqual((await untilSettled(mirror.sync.syncNow(), clock)).failures, []);
        assert.equal(await isShown(), false);
        await mirror.close();
      });
    });

    test("an issue that leaves the history window stays until the sweep, which drops it as outside, not as gone", async () => {
      await withEmulator(tracker, { issues: 200 }, async (emulator) => {
        const folder = await mkdtemp(join(tmpdir(), "panopticon-outside-"));
        const all = await createTestMirror([emulator], { folder });
        await all.sync.syncNow();
        const total = await all.store.board.total();
        await all.close();

        const mirror = await createTestMirror([emulator], { folder, historyMs: ninetyDaysMs });
        await mirror.sync.syncNow();
        assert.equal(await mirror.store.board.total(), total, "it stays");
        const since = Date.now() - ninetyDaysMs;
        const inside = emulator.world.issues().filter((issue) => !issue.closed || issue.updatedAt >= since);
        assert.ok(inside.length < total, "the seed has old closed issues");
        assert.deepEqual((await mirror.sync.syncNow({ sweep: true })).failures, []);
        assert.deepEqual(
          (await readAllCards(mirror.store)).map((card) => card.nativeId).toSorted(),
          inside.map((issue) => issue.nativeId).toSorted(),
        );
        assert.deepEqual(await mirror.store.history.list({ limit: 50 }), [], "nothing is said to be gone");
        await mirror.close();
        await rm(folder, { recursive: true });
      });
    });

    test("a sweep fetches issues that the mirror lacks", async () => {
      await withEmulator(tracker, { issues: 60 }, async (emulator) => {
        const mirror = await createTestMirror([emulator]);
        await mirror.sync.syncNow();
        const [source] = await mirror.store.sources.list();
        const lost = emulator.world.issues(source?.config.key).slice(0, 3);
        await mirror.store.mirror.remove(
          source?.id ?? 0,
          lost.map(({ nativeId }) => nativeId),
          "gone",
        );
        await mirror.sync.syncNow();
        assert.deepEqual((await mirror.sync.syncNow({ sweep: true })).failures, []);
        await assertMirrorEquals(mirror.store, [emulator]);
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

    test("a renamed state and a renamed person reach every card and the filter words", async (t) => {
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

        world.renamePerson(login, "new-name");
        // The tracker's own name; the mirror may combine two of its fields.
        const written = world.issues().find((issue) => issue.nativeId === inState[0]?.nativeId)?.state ?? "";
        // Rally's states are field values and cannot be renamed.
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
  });
}

test("github: an issue missing from the list and forbidden to read is not reported as gone", async () => {
  await withEmulator("github", { issues: 60 }, async (emulator) => {
    const mirror = await createTestMirror([emulator]);
    await mirror.sync.syncNow();
    const total = await mirror.store.board.total();
    const [hidden = assert.fail()] = emulator.world.issues();
    emulator.world.delete(hidden.nativeId);
    emulator.faults.add({ kind: "server-error", value: 403, path: `/issues/${hidden.key.slice(1)}`, times: 1 });
    await mirror.sync.syncNow({ sweep: true });
    assert.equal(await mirror.store.board.total(), total, "no access is not gone");
    // Once it can be read, it turns out to be gone.
    await mirror.sync.syncNow({ sweep: true });
    assert.equal(await mirror.store.board.total(), total - 1);
    await mirror.close();
  });
});

test("linear: a missing issue whose record does not parse does not end the sweep", async () => {
  await withEmulator("linear", { issues: 40, sources: 1 }, async (emulator) => {
    const mirror = await createTestMirror([emulator]);
    await mirror.sync.syncNow();
    // Lists of changes do not contain these.
    const oldest = emulator.world.issues().toSorted((a, b) => a.updatedAt - b.updatedAt);
    const [odd = assert.fail(), plain = assert.fail()] = oldest;
    const [source = assert.fail()] = await mirror.store.sources.list();
    await mirror.store.mirror.remove(source.id, [odd.nativeId, plain.nativeId], "outside");
    emulator.faults.add({ kind: "malformed-json", times: 99, body: odd.nativeId });
    assert.deepEqual((await mirror.sync.syncNow({ sweep: true })).failures, []);
    const shown = (await readAllCards(mirror.store)).map(({ nativeId }) => nativeId);
    assert.deepEqual([shown.includes(odd.nativeId), shown.includes(plain.nativeId)], [false, true]);
    await mirror.close();
  });
});

test("reads the vocabulary again if it was read before the clock was set back", async () => {
  const clock = createVirtualClock();
  await withEmulator("linear", { issues: 40, sources: 1, now: () => clock.now() }, async (emulator) => {
    const folder = await mkdtemp(join(tmpdir(), "panopticon-clock-"));
    const ahead = createVirtualClock(clock.now() + 10 * 24 * 3_600_000);
    const first = await createTestMirror([emulator], { folder, clock: ahead });
    await untilSettled(first.sync.syncNow(), ahead);
    await first.close();
    const described = () => emulator.requests.list().filter(({ body }) => body.includes("query Team")).length;
    const mirror = await createTestMirror([emulator], { folder, clock });
    emulator.requests.clear();
    assert.deepEqual((await untilSettled(mirror.sync.syncNow(), clock)).failures, []);
    assert.ok(described() > 0);
    await mirror.close();
    await rm(folder, { recursive: true, force: true });
  });
});

for (const tracker of emulatedTrackers) {
  test(`${tracker}: a new label appears on the card by name at once`, async () => {
    await withEmulator(tracker, { issues: 40, sources: 1 }, async (emulator) => {
      const mirror = await createTestMirror([emulator]);
      await mirror.sync.syncNow();
      const [issue = assert.fail()] = emulator.world.issues();
      emulator.world.edit(issue.nativeId, { labels: [...issue.labels, "brand-new"] });
      assert.deepEqual((await mirror.sync.syncNow()).failures, []);
      const card = (await readAllCards(mirror.store)).find(({ nativeId }) => nativeId === issue.nativeId);
      assert.ok(
        card?.labels.some(({ name }) => name === "brand-new"),
        JSON.stringify(card?.labels),
      );
      await mirror.close();
    });
  });
}
