import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { Emulator } from "../../../emulators/emulator.ts";
import { emulatedTrackers, startEmulator } from "../../../emulators/start.ts";
import { createTestMirror, type TestMirror } from "../../../test/support/mirror.ts";
import { untilSettled } from "../../../test/support/settle-on-clock.ts";
import { createVirtualClock, type VirtualClock } from "../../../test/support/virtual-clock.ts";
import { statusOf } from "../../../test/support/with-emulator.ts";

const minute = 60_000;
const sources = 60;

type Bench = { readonly clock: VirtualClock; readonly emulator: Emulator; readonly mirror: TestMirror };

/** The requests of some minutes. Throws at once when there are more than expected: a tracker's limit would hold the rest back. */
async function requestsIn({ clock, emulator, mirror }: Bench, minutes: number, atMost: number): Promise<number> {
  emulator.requests.clear();
  for (let passed = 0; passed < minutes * minute; passed += 5_000) {
    await clock.advance(5_000);
    while ((statusOf(mirror.sync, emulator.tracker).nextSyncAt ?? 0) <= clock.now()) {
      await setImmediate();
      const count = emulator.requests.count();
      assert.ok(count <= atMost, `at most ${atMost} in ${minutes} min, but ${count} in ${passed / 1000 + 5} s`);
    }
  }
  return emulator.requests.count();
}

for (const tracker of emulatedTrackers) {
  test(`${tracker}: ${sources} sources that were just read for the first time are polled as idle ones`, async (t) => {
    const clock = createVirtualClock();
    const emulator = await startEmulator(tracker, { issues: sources, seed: 7, sources, now: clock.now });
    t.after(() => emulator.close());
    const mirror = await createTestMirror([emulator], { clock });
    t.after(() => mirror.close());
    const bench = { clock, emulator, mirror };
    // A limit per minute can cut the first reading short.
    while ((await untilSettled(mirror.sync.syncNow(), clock)).failures.length > 0) await clock.advance(61_000);
    mirror.sync.start();

    const lately = emulator.world.issues().filter(({ updatedAt }) => clock.now() - updatedAt < 120 * minute).length;
    await requestsIn(bench, 10, sources + 4 * lately);

    mirror.sync.watch({ board: true });
    const watched = await requestsIn(bench, 1, 2 * sources);
    const { budget } = statusOf(mirror.sync, tracker);
    const isPlenty = budget?.remaining == null || budget.remaining > (budget.limit ?? 0) / 2;
    assert.ok(watched >= (isPlenty ? sources : 1), `${watched} in a minute with a board open`);
  });
}

test(`rally: ${sources} projects of a workspace share what it defines, at first and when it is read again`, async (t) => {
  const clock = createVirtualClock();
  const emulator = await startEmulator("rally", { issues: sources, seed: 7, sources, now: clock.now });
  t.after(() => emulator.close());
  const mirror = await createTestMirror([emulator], { clock });
  t.after(() => mirror.close());
  for (const when of ["at first", "an hour later"]) {
    emulator.requests.clear();
    assert.deepEqual((await untilSettled(mirror.sync.syncNow(), clock)).failures, []);
    const asked = emulator.requests
      .list()
      .map(({ url }) => new URL(url, emulator.url).pathname.split("/").at(-1) ?? "");
    // Each project's name, team, flow states, iterations, releases, warnings and items.
    assert.ok(asked.length <= 7 * sources + 25, `${asked.length} requests ${when}`);
    for (const word of ["typedefinition", "state", "tag", "projectpermission"])
      assert.equal(asked.filter((one) => one === word).length, 1, `${word} ${when}`);
    await clock.advance(61 * minute);
  }
});
