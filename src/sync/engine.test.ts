import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { emulatedTrackers } from "../../emulators/start.ts";
import { assertMirrorEquals, readAllCards } from "../../test/support/compare.ts";
import { createTestMirror, ninetyDaysMs } from "../../test/support/mirror.ts";
import { withEmulator, statusOf } from "../../test/support/with-emulator.ts";
import { systemClock } from "../domain/clock.ts";
import { subjectOf } from "../trackers/conformance/subject-of.ts";
import { findTracker } from "../trackers/registry.ts";

for (const tracker of emulatedTrackers) {
  describe(tracker, () => {
    test("the first sync mirrors every issue and nothing else", async () => {
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

    test("issues closed before the history window are not mirrored, but counted if the tracker can count them", async () => {
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

    test("an idle poll is one request and no event; a change takes at most two requests and one event", async () => {
      await withEmulator(tracker, { issues: 300, sources: 1 }, async (emulator) => {
        const mirror = await createTestMirror([emulator]);
        await mirror.sync.syncNow();
        await mirror.sync.syncNow();
        emulator.requests.clear();
        mirror.events.length = 0;
        assert.equal((await mirror.sync.syncNow()).changed, 0);
        assert.equal(emulator.requests.count(), 1);
        // The same URL again: trackers with conditional requests answer 304.
        const [poll] = emulator.requests.list();
        assert.equal(poll?.status, poll?.answerHeaders["etag"] === undefined ? 200 : 304);
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

    test("an interrupted run resumes where it stopped, even after a restart", async () => {
      await withEmulator(tracker, { issues: 1500, sources: 1, closed: 0.2, largestPage: 200 }, async (emulator) => {
        const folder = await mkdtemp(join(tmpdir(), "panopticon-resume-"));
        const whole = await createTestMirror([emulator]);
        await whole.sync.syncNow();
        const { path = "", body = "" } = (await subjectOf(tracker)).questions.list;
        const pages = () =>
          emulator.requests.list().filter((one) => one.url.includes(path) && one.body.includes(body)).length;
        const needed = pages();
        await whole.close();

        emulator.faults.add({ kind: "reset", after: 3, times: 20, path, body });
        const first = await createTestMirror([emulator], { folder });
        const broken = await first.sync.syncNow();
        assert.equal(broken.failures.length, 1, "the run fails");
        assert.ok((await first.store.board.total()) > 0, "what was read is kept");
        await first.close();

        emulator.faults.clear();
        emulator.requests.clear();
        const second = await createTestMirror([emulator], { folder });
        assert.deepEqual((await second.sync.syncNow()).failures, []);
        // Three pages were stored; if several records share one time, the last page is requested again.
        assert.ok(pages() <= needed - 2, `${pages()} of ${needed}`);
        await assertMirrorEquals(second.store, [emulator]);
        await second.close();
        await rm(folder, { recursive: true });
      });
    });

    test("a record that does not parse is skipped and counted; the rest of the page is stored", async () => {
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

    test("a clock that is off by a day in either direction loses no changes", async () => {
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

    test("opening an issue fetches its comments, which become searchable", async () => {
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

test("a change is acknowledged before it is sent", async () => {
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
      // Building an answer reads the mirror, which sending would delay.
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
