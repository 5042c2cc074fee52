import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Fault } from "../../../emulators/emulator.ts";
import { emulatedTrackers, startEmulator } from "../../../emulators/start.ts";
import { readAllCards } from "../../../test/support/compare.ts";
import { createTestMirror } from "../../../test/support/mirror.ts";
import { untilSettled } from "../../../test/support/settle-on-clock.ts";
import { createVirtualClock } from "../../../test/support/virtual-clock.ts";
import { subjectOf } from "../../trackers/conformance/subject-of.ts";
import { blankDraft } from "../../../test/support/blank-draft.ts";

const by = { actor: "you", session: "s1" };

/** A mirror of one source with a new issue; the answer of its create meets `fault`. */
async function openStage(tracker: string, fault: Fault) {
  const clock = createVirtualClock();
  const emulator = await startEmulator(tracker, { issues: 3, seed: 7, sources: 1, now: clock.now });
  const folder = await mkdtemp(join(tmpdir(), "panopticon-recognised-"));
  let mirror = await createTestMirror([emulator], { clock, folder });
  await untilSettled(mirror.sync.syncNow(), clock);
  const [source] = await mirror.store.sources.list();
  assert.ok(source);
  const draft = { ...blankDraft, title: "Once", body: "Only once." };
  const { operation, issueId } = await mirror.store.outbox.create(source.id, draft, by);
  assert.ok(operation !== null);
  emulator.faults.add(fault);
  return {
    emulator,
    clock,
    operation,
    issueId,
    mirror: () => mirror,
    deliver: () => untilSettled(mirror.sync.deliver(10_000), clock),
    sync: () => untilSettled(mirror.sync.syncNow(), clock),
    entry: () => mirror.store.outbox.get(operation),
    shown: async () => (await readAllCards(mirror.store)).filter(({ title }) => title === "Once"),
    async restart() {
      await mirror.close();
      mirror = await createTestMirror([emulator], { clock, folder });
    },
    async [Symbol.asyncDispose]() {
      await mirror.close();
      await emulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

for (const tracker of emulatedTrackers) {
  test(`${tracker}: after a lost answer, a pulled issue is recognised as the one created here`, async () => {
    const create = (await subjectOf(tracker)).writing?.requests.create;
    const fault: Fault = { kind: "lost-answer", ...create, times: 1 };
    await using stage = await openStage(tracker, fault);
    await stage.deliver();
    assert.equal((await stage.entry()).state, "unknown");
    const [made, ...others] = stage.emulator.world.issues().filter(({ title }) => title === "Once");
    assert.ok(made && others.length === 0, "the tracker made it");
    await stage.restart();

    await stage.sync();
    const cards = await stage.shown();
    assert.deepEqual(
      cards.map(({ id, key }) => [id, key]),
      [[stage.issueId, made.key]],
      "one card, the one that was made here",
    );
    assert.equal((await stage.mirror().store.board.findLocal("new-1"))?.id, stage.issueId);

    // It has been found, so there is no search and no wait.
    await stage.deliver();
    assert.deepEqual([(await stage.entry()).state, (await stage.entry()).twins], ["written", []]);
    assert.equal(stage.emulator.world.issues().filter(({ title }) => title === "Once").length, 1);
    assert.deepEqual(await stage.mirror().store.check(), []);
  });
}

test("an issue deleted in the tracker before its create is settled stays deleted, and the create counts as written", async () => {
  await using stage = await openStage("github", { kind: "lost-answer", method: "POST", path: "/issues", times: 1 });
  await stage.deliver();
  await stage.sync();
  const [made] = stage.emulator.world.issues().filter(({ title }) => title === "Once");
  assert.ok(made);
  stage.emulator.world.delete(made.nativeId);
  await untilSettled(stage.mirror().sync.syncNow({ sweep: true }), stage.clock);
  assert.deepEqual(await stage.shown(), []);
  await stage.deliver();
  assert.equal((await stage.entry()).state, "written");
  assert.deepEqual(
    stage.emulator.world.issues().filter(({ title }) => title === "Once"),
    [],
  );
});
