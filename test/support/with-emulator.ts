import assert from "node:assert/strict";
import type { Emulator } from "../../emulators/emulator.ts";
import { startEmulator } from "../../emulators/start.ts";
import type { ConnectionStatus, SyncEngine } from "../../src/sync/sync-engine.ts";

/** Runs a test against an emulator, then closes it. */
export async function withEmulator(
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

/** A connection's status; throws if there is none. */
export function statusOf(sync: SyncEngine, connection: string): ConnectionStatus {
  const status = sync.status().find((each) => each.connection === connection);
  assert.ok(status);
  return status;
}
