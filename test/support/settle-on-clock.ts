import assert from "node:assert/strict";
import type { TestMirror } from "./mirror.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** Awaits work whose retries sleep on the virtual clock: advances time whenever something sleeps and nothing else happens. */
export async function untilSettled<T>(work: Promise<T>, clock: VirtualClock): Promise<T> {
  let settled = false;
  const done = work.finally(() => {
    settled = true;
  });
  done.catch(() => undefined);
  while (!settled) {
    await Promise.race([done.catch(() => undefined), clock.untilAsleep(1)]);
    if (!settled) await clock.advance(1000);
  }
  return done;
}

/** Syncs once the pauses requested by faults are over; throws if a source still cannot be read. */
export async function syncInPeace(mirror: TestMirror, clock: VirtualClock, sweep: boolean): Promise<void> {
  // A response in flight when a sync failed may still request a pause, so retry.
  let failures: readonly { error: Error }[] = [];
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await clock.advance(3_700_000);
    ({ failures } = await untilSettled(mirror.sync.syncNow({ sweep }), clock));
    if (failures.length === 0) break;
  }
  assert.deepEqual(
    failures.map((failure) => failure.error.message),
    [],
  );
}
