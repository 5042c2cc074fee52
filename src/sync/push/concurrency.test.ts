import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { test } from "node:test";
import { emulatedTrackers, startEmulator } from "../../../emulators/start.ts";
import { blankDraft } from "../../../test/support/blank-draft.ts";
import { openChangingMirror } from "../../../test/support/changing-mirror.ts";
import { readAllCards } from "../../../test/support/compare.ts";
import { by } from "../../../test/support/outbox-stage.ts";
import { untilSettled } from "../../../test/support/settle-on-clock.ts";
import { eventually } from "../../../test/support/stage.ts";
import { requestOf } from "../../../test/support/traffic.ts";
import { untilFaultsMet } from "../../../test/support/until-faults-met.ts";
import { createVirtualClock } from "../../../test/support/virtual-clock.ts";
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

test("a creation that is being searched for is not started a second time, whatever else is sent meanwhile", async (t) => {
  const clock = createVirtualClock();
  const emulator = await startEmulator("gitlab", { issues: 5, seed: 7, sources: 1, now: clock.now });
  t.after(() => emulator.close());
  const { store, sync, changes } = await openChangingMirror(t, emulator, { clock });
  const [source = assert.fail()] = await store.sources.list();
  const [card = assert.fail()] = await readAllCards(store);
  const { operation } = await store.outbox.create(source.id, { ...blankDraft, title: "Once" }, by);
  emulator.faults.add({ kind: "drop", method: "POST", path: "/issues" });
  await untilSettled(sync.deliver(20_000), clock);
  await clock.advance(60_000);

  emulator.requests.clear();
  emulator.faults.add({ kind: "held", method: "GET", path: "author_id=" });
  const first = sync.deliver(20_000);
  await untilFaultsMet(emulator);
  await changes.edit(card.id, { title: "Changed meanwhile" }, you);
  const second = sync.deliver(20_000);
  const isWritten = async () => (await store.outbox.listOf(card.id))[0]?.state === "written" || undefined;
  await eventually(isWritten, "the other change is written");
  emulator.faults.clear();
  await Promise.all([first, second]);
  assert.equal((await store.outbox.get(operation ?? assert.fail())).state, "written");
  assert.equal(emulator.world.issues().filter(({ title }) => title === "Once").length, 1);
  const searches = emulator.requests.list().filter(({ method, url }) => method === "GET" && url.includes("author_id="));
  assert.equal(searches.length, 2, "one before it is sent again, and one after");
});

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
