import assert from "node:assert/strict";
import { test } from "node:test";
import type { Fault } from "../../../emulators/emulator.ts";
import { emulatedTrackers, startEmulator } from "../../../emulators/start.ts";
import { openChangingMirror } from "../../../test/support/changing-mirror.ts";
import { readAllCards } from "../../../test/support/compare.ts";

const you = { actor: { kind: "user" }, session: "s1" } as const;

for (const tracker of emulatedTrackers) {
  test(`${tracker}: a refused new issue stays on the board with the typed text, also when it is opened, and is created on retry`, async (t) => {
    const emulator = await startEmulator(tracker, { issues: 4, seed: 7, sources: 1 });
    t.after(() => emulator.close());
    const { store, sync, changes } = await openChangingMirror(t, emulator);
    const [row] = await store.sources.list();
    const type = row?.form?.types.find(({ creatable, needsParent }) => creatable && !needsParent)?.name;
    const { issueId } = await changes.create({ source: row?.config.key, title: "Typed with care", type }, you);
    const refusal: Fault = { kind: "server-error", value: 403, times: Infinity };
    emulator.faults.add({ ...refusal, method: "POST", ...(tracker === "linear" && { body: "mutation" }) });
    await sync.deliver(20_000);
    emulator.faults.clear();
    const [refused] = await store.outbox.list();
    assert.equal(refused?.state, "refused");
    await sync.refreshIssue(issueId);
    assert.equal((await store.board.card(issueId)).title, "Typed with care");

    await changes.retry(refused.id);
    await sync.deliver(20_000);
    assert.equal((await store.outbox.get(refused.id)).state, "written");
    const made = emulator.world.issues().filter(({ title }) => title === "Typed with care");
    assert.equal(made.length, 1);
    assert.equal((await readAllCards(store)).filter(({ title }) => title === "Typed with care").length, 1);
  });
}

test("a new issue that Linear refused is created with the title and labels that the user then gave it", async (t) => {
  const emulator = await startEmulator("linear", { issues: 4, seed: 7, sources: 1 });
  t.after(() => emulator.close());
  const { store, sync, changes } = await openChangingMirror(t, emulator);
  const { issueId, ref } = await changes.create({ title: "Much too long ".repeat(30), body: "Kept" }, you);
  const [create] = await store.outbox.list();
  assert.ok(create);
  const retry = async (title: string) => {
    await changes.edit(issueId, { title, addLabels: ["Bug"] }, you);
    await changes.retry(create.id);
    await sync.deliver(20_000);
  };
  await sync.deliver(20_000);
  await retry("Still too long ".repeat(30));
  assert.equal((await store.outbox.get(create.id)).state, "refused");
  await retry("Short");
  assert.equal((await store.outbox.get(create.id)).state, "written");
  const [made, ...others] = emulator.world.issues().filter(({ title }) => title === "Short");
  assert.ok(made);
  assert.deepEqual([others, emulator.world.issues().length], [[], 5], ref);
  const open = (await store.outbox.list()).filter(({ settledAt }) => settledAt === null);
  assert.deepEqual(open, []);
});
