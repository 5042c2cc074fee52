import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { emulatedTrackers, startEmulator } from "../../../emulators/start.ts";
import { openChangingMirror } from "../../../test/support/changing-mirror.ts";
import { readAllCards } from "../../../test/support/compare.ts";
import { eventually } from "../../../test/support/stage.ts";
import type { FieldChange } from "../../domain/operation.ts";

// Changes queued while an earlier change of the same issue is in flight and then fails.

const by = { actor: "you", session: "s1" };
/** No tracker accepts such a title. */
const tooLong = "x".repeat(5_000);

/** An issue whose edit `first` is slowly being sent. */
async function sendSlowly(
  t: TestContext,
  tracker: string,
  first: (shown: { title: string; body: string }) => FieldChange[],
) {
  const emulator = await startEmulator(tracker, { issues: 40, seed: 7, sources: 1, budget: 1_000_000 });
  t.after(() => emulator.close());
  const { store, sync } = await openChangingMirror(t, emulator);
  const [{ id, nativeId } = assert.fail()] = await readAllCards(store);
  const shown = async () => (await store.outbox.issue(id)).shown;
  const { operation } = await store.outbox.edit(id, first(await shown()), by);
  const theirs = () => emulator.world.issues().find((issue) => issue.nativeId === nativeId) ?? assert.fail();
  const send = () => {
    emulator.faults.add({ kind: "slow", value: 400, times: 1 });
    const delivered = sync.deliver(20_000);
    const isSent = async () => (await store.outbox.get(operation ?? assert.fail())).state === "sending" || undefined;
    return { begun: eventually(isSent, "it is on its way"), delivered };
  };
  return { world: emulator.world, store, sync, id, nativeId, shown, send, theirs };
}

for (const tracker of emulatedTrackers) {
  test(`${tracker}: a change queued behind a refused one of the same field replaces it`, async (t) => {
    const { store, id, shown, send, theirs } = await sendSlowly(t, tracker, ({ title }) => [
      { field: "title", from: title, to: tooLong },
    ]);
    const { begun, delivered } = send();
    await begun;
    await store.outbox.edit(id, [{ field: "title", from: tooLong, to: "What is wanted now" }], by);
    await delivered;
    assert.deepEqual(await store.outbox.list(), []);
    assert.equal(theirs().title, "What is wanted now");
    assert.equal((await shown()).title, "What is wanted now");
  });

  test(`${tracker}: a change queued behind one in conflict takes over the conflict`, async (t) => {
    const { world, store, id, nativeId, shown, send, theirs } = await sendSlowly(t, tracker, ({ title }) => [
      { field: "title", from: title, to: "Mine" },
    ]);
    world.edit(nativeId, { title: "Theirs" });
    const { begun, delivered } = send();
    await begun;
    await store.outbox.edit(id, [{ field: "title", from: "Mine", to: "Mine, better" }], by);
    await delivered;
    const left = await store.outbox.list();
    assert.deepEqual(
      left.map(({ state, fields, conflicts }) => ({
        state,
        to: fields.map((field) => "to" in field && field.to),
        conflicts,
      })),
      [{ state: "conflict", to: ["Mine, better"], conflicts: [{ field: "title", theirs: "Theirs" }] }],
    );
    assert.equal(theirs().title, "Theirs");
    await store.outbox.resolve(left[0]?.id ?? 0, { title: "theirs" });
    assert.equal((await shown()).title, "Theirs");
  });

  test(`${tracker}: the rest of a conflicting operation goes before changes queued behind it`, async (t) => {
    const { world, store, id, nativeId, shown, send, theirs } = await sendSlowly(t, tracker, ({ title, body }) => [
      { field: "title", from: title, to: "Mine" },
      { field: "body", from: body, to: "First text" },
    ]);
    world.edit(nativeId, { title: "Theirs" });
    const { begun, delivered } = send();
    await begun;
    await store.outbox.edit(id, [{ field: "body", from: "First text", to: "Second text" }], by);
    await delivered;
    assert.deepEqual(
      (await store.outbox.list()).map(({ state, fields }) => [state, fields.map(({ field }) => field)]),
      [["conflict", ["title"]]],
    );
    assert.match(theirs().body, /Second text/);
    assert.equal((await shown()).body, "Second text");
  });
}
