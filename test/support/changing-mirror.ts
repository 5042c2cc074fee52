import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { startEmulator } from "../../emulators/start.ts";
import { createChanges } from "../../src/changes/create-changes.ts";
import { systemClock } from "../../src/domain/clock.ts";
import { resolveRef } from "../../src/server/resolve-ref.ts";
import { trackers } from "../../src/trackers/registry.ts";
import { createTestMirror } from "./mirror.ts";

/** A tracker's emulator with so many issues, a mirror that has them, and the changes that users make to it. Ends with the test. */
export async function openChangingMirror(t: TestContext, tracker: string, issues: number) {
  const emulator = await startEmulator(tracker, { issues, seed: 7, budget: 1_000_000 });
  t.after(() => emulator.close());
  const mirror = await createTestMirror([emulator]);
  t.after(() => mirror.close());
  assert.deepEqual((await mirror.sync.syncNow()).failures, []);
  const { store, sync } = mirror;
  const resolve = (ref: string) => resolveRef(ref, { trackers, board: store.board });
  return { emulator, store, sync, changes: createChanges({ store, sync, trackers, clock: systemClock, resolve }) };
}
