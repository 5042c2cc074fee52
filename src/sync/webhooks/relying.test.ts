import assert from "node:assert/strict";
import { describe, test, type TestContext } from "node:test";
import { startEmulator } from "../../../emulators/start.ts";
import { createTestMirror } from "../../../test/support/mirror.ts";
import { createVirtualClock } from "../../../test/support/virtual-clock.ts";
import type { WebhookHint } from "../../trackers/tracker.ts";

const minute = 60_000;

/** A mirror that polls, on a clock that only the test moves. */
async function setUp(t: TestContext) {
  const clock = createVirtualClock();
  const emulator = await startEmulator("github", { issues: 60, seed: 7, sources: 1, now: () => clock.now() });
  t.after(() => emulator.close());
  const mirror = await createTestMirror([emulator], { clock });
  t.after(() => mirror.close());
  await mirror.sync.syncNow();
  mirror.sync.start();
  const { world } = emulator;
  const [source] = emulator.sources;
  assert.ok(source);
  const hintOf = (nativeId: string): WebhookHint => {
    const issue = world.issues().find((one) => one.nativeId === nativeId);
    return { sourceId: source.id, issue: { nativeId, key: issue?.key ?? "" }, comments: false };
  };
  const polls = () => emulator.requests.list().filter(({ url }) => /\/issues\?.*sort=updated/.test(url)).length;
  /** Minute by minute, so that what is due has its time. */
  const pass = async (minutes: number) => {
    for (let passed = 0; passed < minutes * 2; passed++) {
      await clock.advance(minute / 2);
      await settle(mirror.sync);
    }
  };
  const told = async (nativeId: string) => {
    const changed = mirror.event(({ type }) => type === "change");
    mirror.events.length = 0;
    assert.equal(await mirror.sync.hear("github", [hintOf(nativeId)]), 1);
    await changed;
  };
  return { clock, emulator, mirror, world, source, hintOf, polls, pass, told };
}

/** Requests of real servers end in real time. */
async function settle(sync: { status(): readonly { requests: number }[] }): Promise<void> {
  for (let before = -1; ;) {
    const now = sync.status().reduce((sum, { requests }) => sum + requests, 0);
    if (now === before) return;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

describe("polling", () => {
  test("is rare while webhooks are heard, and frequent again after a poll found what none told", async (t) => {
    const { emulator, mirror, world, polls, pass, told } = await setUp(t);
    const watching = mirror.sync.watch({ board: true });
    t.after(watching);
    const [issue, other] = world.issues();
    assert.ok(issue && other);
    await pass(2);
    emulator.requests.clear();
    await pass(10);
    const without = polls();
    assert.ok(without >= 15, `${without} polls without webhooks`);

    world.edit(issue.nativeId, { title: "told" });
    await told(issue.nativeId);
    assert.equal(mirror.sync.status()[0]?.webhooks?.state, "working");
    emulator.requests.clear();
    await pass(10);
    const relying = polls();
    assert.ok(relying <= 3, `${relying} polls with webhooks`);

    // The tracker stops telling.
    world.edit(other.nativeId, { title: "not told" });
    await pass(6);
    assert.equal(mirror.sync.status()[0]?.webhooks?.state, "missed");
    const issues = await mirror.store.board.issues({
      filter: { q: "not told" },
      sort: { key: "updated", reverse: false },
      limit: 5,
      cursor: null,
      me: {},
    });
    assert.equal(issues.total, 1);
    emulator.requests.clear();
    await pass(10);
    assert.ok(polls() >= 15, `${polls()} polls after webhooks stopped`);

    world.edit(other.nativeId, { title: "told again" });
    await told(other.nativeId);
    assert.equal(mirror.sync.status()[0]?.webhooks?.state, "working");
  });

  test("is not put off for ever by deliveries", async (t) => {
    const { emulator, mirror, world, polls, pass, told } = await setUp(t);
    t.after(mirror.sync.watch({ board: true }));
    const [issue] = world.issues();
    assert.ok(issue);
    await pass(2);
    emulator.requests.clear();
    for (let minutes = 0; minutes < 20; minutes += 2) {
      world.edit(issue.nativeId, { title: `told ${minutes}` });
      await told(issue.nativeId);
      await pass(2);
    }
    assert.ok(polls() >= 2 && polls() <= 6, `${polls()} polls in 20 minutes of deliveries`);
  });

  test("takes over where so many are told that a list is cheaper", async (t) => {
    const { emulator, mirror, world, hintOf } = await setUp(t);
    const issues = world.issues().slice(0, 50);
    for (const { nativeId } of issues) world.edit(nativeId, { title: "all at once" });
    emulator.requests.clear();
    await mirror.sync.hear(
      "github",
      issues.map(({ nativeId }) => hintOf(nativeId)),
    );
    for (let tries = 0; tries < 100; tries++) {
      await settle(mirror.sync);
      const found = await mirror.store.board.issues({
        filter: { q: "all at once" },
        sort: { key: "updated", reverse: false },
        limit: 1,
        cursor: null,
        me: {},
      });
      if (found.total === issues.length) break;
    }
    assert.ok(emulator.requests.count() < issues.length, `${emulator.requests.count()} requests`);
  });

  test("a hint that cannot be followed up is left to it", async (t) => {
    const { emulator, mirror, world, hintOf, pass } = await setUp(t);
    const [issue] = world.issues();
    assert.ok(issue);
    world.edit(issue.nativeId, { title: "behind a failure" });
    emulator.faults.add({ kind: "server-error", times: 9, path: `/issues/${issue.key.slice(1)}` });
    await mirror.sync.hear("github", [hintOf(issue.nativeId)]);
    const found = mirror.event(({ type }) => type === "change");
    await pass(4);
    // Where the machine is busy, the last answers come after the clock has moved on.
    await found;
    const card = await mirror.store.board.issues({
      filter: { q: "behind a failure" },
      sort: { key: "updated", reverse: false },
      limit: 1,
      cursor: null,
      me: {},
    });
    assert.equal(card.total, 1);
  });

  test("what concerns no mirrored source asks nobody", async (t) => {
    const { emulator, mirror } = await setUp(t);
    await settle(mirror.sync);
    emulator.requests.clear();
    const hints = [{ sourceId: "1", issue: { nativeId: "1", key: "#1" }, comments: true }];
    assert.equal(await mirror.sync.hear("github", hints), 0);
    await settle(mirror.sync);
    assert.equal(emulator.requests.count(), 0);
    await assert.rejects(mirror.sync.hear("nobody", hints), { code: "not_found" });
  });
});
