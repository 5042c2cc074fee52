import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { Emulator, EmulatorOptions } from "../../emulators/emulator.ts";
import { startEmulator } from "../../emulators/start.ts";
import type { WebhookHint } from "../../src/trackers/tracker.ts";
import { createTestMirror } from "./mirror.ts";
import { createVirtualClock } from "./virtual-clock.ts";

const minute = 60_000;

/** A mirror of GitHub that polls, on a virtual clock, and the hints that webhooks give it. */
export async function setHintStage(t: TestContext, options: Partial<EmulatorOptions> = {}) {
  const clock = createVirtualClock();
  const emulator: Emulator = await startEmulator("github", {
    issues: 60,
    seed: 7,
    sources: 1,
    now: () => clock.now(),
    ...options,
  });
  t.after(() => emulator.close());
  const mirror = await createTestMirror([emulator], { clock });
  t.after(() => mirror.close());
  await mirror.sync.syncNow();
  mirror.sync.start();
  const { world } = emulator;
  const [source] = emulator.sources;
  assert.ok(source);
  const hintOf = (nativeId: string, part: Partial<WebhookHint> = {}): WebhookHint => {
    const issue = world.issues().find((one) => one.nativeId === nativeId);
    return { sourceId: source.id, issue: { nativeId, key: issue?.key ?? "" }, comments: false, ...part };
  };
  /** The number of polls for a source's changes. */
  const polls = () => emulator.requests.list().filter(({ url }) => /\/issues\?.*sort=updated/.test(url)).length;
  /** In small steps, so that due work can run. */
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
  /** The issues on the board that match these words. */
  const find = async (q: string) =>
    mirror.store.board.issues({
      filter: { q },
      sort: { key: "updated", reverse: false },
      limit: 100,
      cursor: null,
      me: {},
    });
  return { clock, emulator, mirror, world, source, hintOf, polls, pass, told, find, settle: () => settle(mirror.sync) };
}

/** Requests to real servers take real time. */
async function settle(sync: { status(): readonly { requests: number }[] }): Promise<void> {
  for (let before = -1; ;) {
    const now = sync.status().reduce((sum, { requests }) => sum + requests, 0);
    if (now === before) return;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
