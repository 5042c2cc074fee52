import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { emulatedTrackers, startEmulator } from "../../../emulators/start.ts";
import { openChangingMirror } from "../../../test/support/changing-mirror.ts";
import { readAllCards } from "../../../test/support/compare.ts";
import { subjectOf } from "../../trackers/conformance/subject-of.ts";
import { eventually } from "../../../test/support/stage.ts";
import { untilFaultsMet } from "../../../test/support/until-faults-met.ts";

// Answers that arrive out of order: another person changes an issue right after the user's own change, whose answer is still in flight. In the end the board
// shows what the tracker has, not what the last answer said.

const you = { actor: { kind: "user" }, session: "s1" } as const;

/** An issue whose new title, `Mine`, has reached the tracker while its answer is still in flight. */
async function writeSlowly(t: TestContext, tracker: string) {
  const emulator = await startEmulator(tracker, { issues: 40, seed: 7, sources: 1, budget: 1_000_000 });
  t.after(() => emulator.close());
  const { store, sync, changes } = await openChangingMirror(t, emulator);
  // A run without news, so that the next one may be answered with 304.
  await sync.syncNow();
  const [{ id, nativeId, key } = assert.fail()] = await readAllCards(store);
  const { questions: faults, writing } = await subjectOf(tracker);
  const theirs = () => emulator.world.issues().find((issue) => issue.nativeId === nativeId) ?? assert.fail();
  await changes.edit(id, { title: "Mine" }, you);
  emulator.faults.add({ kind: "slow", value: 600, times: 1, ...writing?.writes.at(-1) });
  const delivered = sync.deliver(20_000);
  await eventually(async () => theirs().title === "Mine" || undefined, "the tracker has the change");
  const title = async () => (await readAllCards(store)).find((card) => card.id === id)?.title;
  return { emulator, world: emulator.world, sync, id, nativeId, key, faults, delivered, title };
}

for (const tracker of emulatedTrackers) {
  test(`${tracker}: comments requested before own ones were created, edited and deleted undo none of that`, async (t) => {
    const emulator = await startEmulator(tracker, { issues: 20, seed: 7, sources: 1, budget: 1_000_000 });
    t.after(() => emulator.close());
    const { store, sync, changes } = await openChangingMirror(t, emulator);
    const [{ id } = assert.fail()] = await readAllCards(store);
    const own = async () => {
      const comments = (await store.comments.list(id)).filter(({ body }) => body.startsWith("Own"));
      return new Map(comments.map((comment) => [comment.body, comment]));
    };
    for (const body of ["Own one", "Own two"]) await changes.comment(id, body, you);
    await sync.deliver(20_000);
    const [one, two] = [(await own()).get("Own one"), (await own()).get("Own two")];
    assert.ok(one && two);

    // The tracker has answered, and the answer is in flight.
    emulator.faults.add({ kind: "held", ...(await subjectOf(tracker)).questions.comments });
    const refreshed = sync.refreshIssue(id);
    await untilFaultsMet(emulator);
    await changes.editComment(id, one.id, "Own one, changed", you);
    await changes.deleteComment(id, two.id, you);
    await changes.comment(id, "Own three", you);
    await sync.deliver(20_000);
    const written = [...(await own()).keys()].toSorted();
    assert.deepEqual(written, ["Own one, changed", "Own three"]);
    emulator.faults.clear();
    await refreshed;
    assert.deepEqual([...(await own()).keys()].toSorted(), written);
    await sync.refreshIssue(id);
    assert.deepEqual([...(await own()).keys()].toSorted(), written);
  });

  test(`${tracker}: a list overtaken by the answer of an own write is read again`, async (t) => {
    const { emulator, world, sync, nativeId, faults, delivered, title } = await writeSlowly(t, tracker);
    world.edit(nativeId, { title: "Theirs, after mine" });
    emulator.faults.add({ kind: "slow", value: 1_200, times: 1, ...faults.list });
    const synced = sync.syncNow();
    await Promise.all([delivered, synced]);
    await sync.syncNow();
    assert.equal(await title(), "Theirs, after mine");
  });

  test(`${tracker}: the answer of an own write does not revert what was read while it was in flight`, async (t) => {
    const { world, sync, id, nativeId, delivered, title } = await writeSlowly(t, tracker);
    world.edit(nativeId, { title: "Theirs, after mine" });
    await sync.refreshIssue(id);
    // It finds nothing new.
    await sync.syncNow();
    await delivered;
    assert.equal(await title(), "Theirs, after mine");
  });

  test(`${tracker}: an issue announced by a webhook is read again if the answer of an own write overtook it`, async (t) => {
    const { emulator, world, sync, nativeId, key, faults, delivered, title } = await writeSlowly(t, tracker);
    world.edit(nativeId, { title: "Theirs, after mine" });
    emulator.faults.add({ kind: "slow", value: 1_200, times: 1, ...faults.read });
    const hint = { sourceId: null, issue: { nativeId, key }, comments: false };
    assert.equal(await sync.hear(tracker, [hint]), 1);
    await delivered;
    await eventually(async () => (await title()) === "Theirs, after mine" || undefined, "it is read again");
  });
}
