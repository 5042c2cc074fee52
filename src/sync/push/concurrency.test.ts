import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { test } from "node:test";
import { emulatedTrackers, startEmulator } from "../../../emulators/start.ts";
import { openChangingMirror } from "../../../test/support/changing-mirror.ts";
import { readAllCards } from "../../../test/support/compare.ts";
import { requestOf } from "../../../test/support/traffic.ts";
import { findTracker } from "../../trackers/registry.ts";

const you = { actor: { kind: "user" }, session: "s1" } as const;

for (const tracker of emulatedTrackers) {
  test(`${tracker}: sends changes of several issues concurrently, up to the tracker's limit`, async (t) => {
    const emulator = await startEmulator(tracker, { issues: 40, seed: 7, budget: 1_000_000 });
    t.after(() => emulator.close());
    const { store, sync, changes } = await openChangingMirror(t, emulator);
    const cards = (await readAllCards(store)).slice(0, 12);
    for (const { id, title } of cards) await changes.edit(id, { title: `${title}, changed` }, you);

    emulator.faults.add({ kind: "slow", value: 40, times: 1_000 });
    const under = followRequests(t);
    await sync.deliver(30_000);
    assert.deepEqual(await store.outbox.list(), []);
    const { concurrency } = findTracker(tracker)?.writing ?? assert.fail();
    // Requests of one issue are sequential, so as many are in flight as issues are being sent.
    assert.equal(under.most(), concurrency);
  });
}

/** The highest number of this process' requests in flight. Follows Node's own reports: https://nodejs.org/api/diagnostics_channel.html#http */
function followRequests(t: { after(end: () => void): void }) {
  let now = 0;
  let most = 0;
  const begin = (message: unknown) => {
    now += 1;
    most = Math.max(most, now);
    requestOf(message).once("close", () => (now -= 1));
  };
  subscribe("http.client.request.created", begin);
  t.after(() => unsubscribe("http.client.request.created", begin));
  return { most: () => most };
}
