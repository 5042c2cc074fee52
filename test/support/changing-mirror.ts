import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { Emulator } from "../../emulators/emulator.ts";
import { createChanges } from "../../src/changes/create-changes.ts";
import { systemClock } from "../../src/domain/clock.ts";
import { resolveRef } from "../../src/server/find/resolve-ref.ts";
import { trackers } from "../../src/trackers/registry.ts";
import { createTestMirror } from "./mirror.ts";

/** A mirror with all issues of a tracker, and the service for users' changes. Closed with the test. */
export async function openChangingMirror(
  t: TestContext,
  emulator: Emulator,
  options: Parameters<typeof createTestMirror>[1] = {},
) {
  const mirror = await createTestMirror([emulator], options);
  t.after(() => mirror.close());
  assert.deepEqual((await mirror.sync.syncNow()).failures, []);
  const { store, sync } = mirror;
  const resolve = (ref: string) => resolveRef(ref, { trackers, board: store.board });
  return { store, sync, changes: createChanges({ store, sync, trackers, clock: systemClock, resolve }) };
}
