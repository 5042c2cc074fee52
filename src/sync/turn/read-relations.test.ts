import assert from "node:assert/strict";
import { describe, test, type TestContext } from "node:test";
import { startEmulator } from "../../../emulators/start.ts";
import { readAllCards } from "../../../test/support/compare.ts";
import { createTestMirror, type TestMirror } from "../../../test/support/mirror.ts";
import { createVirtualClock } from "../../../test/support/virtual-clock.ts";
import type { Clock } from "../../domain/clock.ts";

/** A source with `blocked` blocked issues, created in that order, and their blockers. */
async function stage(
  t: TestContext,
  tracker: string,
  blocked: number,
  options: { readonly budget?: number; readonly clock?: Clock } = {},
) {
  const { budget, clock } = options;
  const emulator = await startEmulator(tracker, {
    issues: 0,
    seed: 7,
    sources: 1,
    ...(budget === undefined ? {} : { budget }),
    ...(clock === undefined ? {} : { now: () => clock.now() }),
  });
  t.after(() => emulator.close());
  const { world } = emulator;
  const key = emulator.sources[0]?.key ?? "";
  const now = clock?.now() ?? Date.now();
  const pairs = Array.from({ length: blocked }, (_, index) => {
    const by = world.create(key, { title: `Blocker ${index}`, updatedAt: now - 3_600_000 });
    const issue = world.create(key, { title: `Blocked ${index}`, updatedAt: now - (blocked - index) * 60_000 });
    assert.ok(world.block);
    world.block(issue.nativeId, by.nativeId);
    world.edit(issue.nativeId, { updatedAt: now - (blocked - index) * 60_000 });
    return { issue, by };
  });
  const mirror = await createTestMirror([emulator], clock === undefined ? {} : { clock });
  t.after(() => mirror.close());
  return { emulator, mirror, pairs };
}

async function blockedBy(mirror: TestMirror): Promise<ReadonlyMap<string, readonly string[]>> {
  return new Map((await readAllCards(mirror.store)).map((card) => [card.nativeId, card.blockedBy]));
}

/** Polls the mirror until the condition holds, because no event marks the end of idle reads. */
async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const end = performance.now() + 20_000; !(await holds());) {
    if (performance.now() > end) assert.fail(`not within 20 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

// Trackers whose lists name or count the blockers.
for (const tracker of ["github", "linear", "gitlab"]) {
  test(`${tracker}: cards show their blockers after the first sync, without being opened`, async (t) => {
    const { mirror, pairs } = await stage(t, tracker, 3);
    const isKnown = async () => {
      const known = await blockedBy(mirror);
      return pairs.every(({ issue }) => known.get(issue.nativeId)?.length === 1);
    };
    mirror.sync.start();
    await until(isKnown, "all blockers are known");
    const cards = await readAllCards(mirror.store);
    for (const { issue, by } of pairs) {
      const blocker = cards.find((card) => card.nativeId === by.nativeId);
      assert.deepEqual(cards.find((card) => card.nativeId === issue.nativeId)?.blockedBy, [blocker?.ref]);
    }
  });
}

describe("a tracker whose list only counts blockers", () => {
  const tracker = "github";

  test("reads the most recently changed issues first, a few per turn; then an idle poll is one request again", async (t) => {
    const clock = createVirtualClock(Date.now());
    const { mirror, pairs, emulator } = await stage(t, tracker, 14, { clock });
    await mirror.sync.syncNow();
    assert.equal([...(await blockedBy(mirror)).values()].flat().length, 0, "a sync that somebody waits for reads none");
    emulator.requests.clear();
    mirror.sync.start();
    const reads = () => emulator.requests.list().flatMap(({ url }) => /\/issues\/(\d+)$/.exec(url)?.[1] ?? []);
    const turn = (left: number) =>
      until(async () => (await mirror.store.mirror.unreadRelations(1, 100)).length === left, `${left} are left`);
    await clock.advance(60_000);
    await turn(4);
    const newestFirst = pairs.map(({ issue }) => issue.key.slice(1)).toReversed();
    assert.deepEqual(reads(), newestFirst.slice(0, 10));
    await clock.advance(20 * 60_000);
    await turn(0);
    assert.deepEqual(reads(), newestFirst);

    emulator.requests.clear();
    await clock.advance(20 * 60_000);
    await until(() => emulator.requests.count() > 0, "an idle poll");
    await mirror.sync.stop();
    assert.deepEqual(reads(), []);
    assert.ok(emulator.requests.list().every(({ url }) => !url.includes("dependencies")));
  });

  test("reads nothing once half of the budget is used", async (t) => {
    const clock = createVirtualClock(Date.now());
    const { mirror, emulator } = await stage(t, tracker, 3, { budget: 40, clock });
    const budget = () => mirror.sync.status()[0]?.budget?.remaining ?? 40;
    while (budget() > 20) await mirror.sync.syncNow({ sweep: true });
    emulator.requests.clear();
    mirror.sync.start();
    await clock.advance(30 * 60_000);
    await until(() => emulator.requests.count() > 0, "a poll");
    await mirror.sync.stop();
    assert.ok(emulator.requests.list().every(({ url }) => !/\/issues\/\d/.test(url)));
    assert.equal((await mirror.store.mirror.unreadRelations(1, 100)).length, 3);
  });

  test("reads blockers added later, and reads no issue twice", async (t) => {
    const { mirror, pairs, emulator } = await stage(t, tracker, 1);
    const [{ issue, by }] = pairs as [(typeof pairs)[number]];
    const count = async () => (await blockedBy(mirror)).get(issue.nativeId)?.length ?? 0;
    mirror.sync.start();
    await until(
      async () => (await mirror.store.mirror.unreadRelations(1, 10)).length === 0 && (await count()) === 1,
      "it is known",
    );
    const other = emulator.world.create(emulator.sources[0]?.key ?? "", { title: "Another blocker" });
    emulator.world.block?.(issue.nativeId, other.nativeId);
    // It blocks an issue too: that takes two requests, so the run leaves it to the idle read.
    emulator.world.block?.(by.nativeId, issue.nativeId);
    await mirror.sync.syncNow();
    assert.deepEqual(
      (await mirror.store.mirror.unreadRelations(1, 10)).map(({ key }) => key).includes(issue.key),
      true,
    );
    assert.equal(await count(), 1, "what was known stays until then");
  });
});
