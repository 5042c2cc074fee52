import assert from "node:assert/strict";
import { test } from "node:test";
import { startEmulator } from "../../../emulators/start.ts";
import { openChangingMirror } from "../../../test/support/changing-mirror.ts";
import { readAllCards } from "../../../test/support/compare.ts";
import { eventually } from "../../../test/support/stage.ts";
import { untilSettled } from "../../../test/support/settle-on-clock.ts";
import { createVirtualClock } from "../../../test/support/virtual-clock.ts";
import { PanopticonError } from "../../domain/error.ts";
import type { Store } from "../../store/store.ts";

const you = { actor: { kind: "user" }, session: "s1" } as const;

test("rally: a concurrent change to a text that markdown cannot express is a conflict", async (t) => {
  const emulator = await startEmulator("rally", { issues: 40, seed: 7, budget: 1_000_000 });
  t.after(() => emulator.close());
  const { store, sync, changes } = await openChangingMirror(t, emulator);
  const card = (await readAllCards(store)).find(({ type }) => type === "User Story") ?? assert.fail();
  await changes.edit(card.id, { body: "Mine" }, you);
  const response = await fetch(`${emulator.url}/slm/webservice/v2.0/hierarchicalrequirement/${card.nativeId}`, {
    method: "POST",
    headers: { zsessionid: emulator.otherCredentials["RALLY_API_KEY"] ?? "" },
    body: JSON.stringify({ HierarchicalRequirement: { Description: '<p><span style="color:red">Theirs</span></p>' } }),
  });
  assert.equal(response.status, 200);
  await sync.deliver(20_000);
  const [ended = assert.fail()] = await store.outbox.listOf(card.id);
  assert.deepEqual([ended.state, ended.conflicts], ["conflict", [{ field: "body", theirs: "Theirs" }]]);
});

test("a change whose outcome could not be stored is looked for when there is room again, by the same process", async (t) => {
  const clock = createVirtualClock();
  const emulator = await startEmulator("github", { issues: 20, seed: 7, sources: 1, now: clock.now });
  t.after(() => emulator.close());
  let full = false;
  const { store, sync, changes } = await openChangingMirror(t, emulator, {
    clock,
    crash: { wrap: (part) => failing(part, () => full) },
  });
  const [{ id, nativeId } = assert.fail()] = await readAllCards(store);
  full = true;
  sync.start();
  await changes.edit(id, { title: "Written all the same" }, you);
  const state = async () => (await store.outbox.listOf(id, 1))[0]?.state;
  await eventually(
    async () =>
      emulator.world.issues().find((one) => one.nativeId === nativeId)?.title === "Written all the same" || undefined,
    "the tracker has it",
  );
  await clock.untilAsleep(5_000);
  full = false;
  const end = async () => {
    await clock.advance(10_000);
    return (await state()) === "written" || undefined;
  };
  await eventually(end, "it was looked for");
});

test("while outcomes cannot be stored, a change is not asked about over and over", async (t) => {
  const clock = createVirtualClock();
  const emulator = await startEmulator("github", { issues: 20, seed: 7, sources: 1, now: clock.now });
  t.after(() => emulator.close());
  let tries = 0;
  const { store, sync, changes } = await openChangingMirror(t, emulator, {
    clock,
    crash: { wrap: (part) => failing(part, () => (tries += 1) > 0) },
  });
  const [{ id } = assert.fail()] = await readAllCards(store);
  sync.start();
  await changes.edit(id, { title: "Written all the same" }, you);
  await eventually(async () => tries === 1 || undefined, "its outcome could not be stored");
  // Time for dozens of attempts.
  for (let count = 0; count < 10; count++) await sync.syncNow();
  assert.equal(tries, 1);
  for (const [pauseMs, expected] of [
    [10_000, 2],
    [20_000, 3],
  ] as const) {
    await clock.untilAsleep(pauseMs);
    await clock.advance(pauseMs);
    await eventually(async () => tries === expected || undefined, `attempt ${expected}`);
    await sync.syncNow();
    assert.equal(tries, expected, "the pause grows");
  }
});

test("an outage does not count toward the limit of changes that come first", async (t) => {
  const clock = createVirtualClock();
  const emulator = await startEmulator("github", { issues: 20, seed: 7, sources: 1, now: clock.now });
  t.after(() => emulator.close());
  const { store, sync, changes } = await openChangingMirror(t, emulator, { clock });
  const [{ id } = assert.fail()] = await readAllCards(store);
  await changes.edit(id, { title: "Through at last" }, you);
  emulator.faults.add({ kind: "drop", times: 1_000 });
  const { attempts } = await untilSettled(attemptsOf(6), clock);
  assert.ok(attempts >= 6);
  emulator.faults.clear();
  emulator.faults.add({ kind: "server-error", value: 409, method: "PATCH" });
  await clock.advance(600_000);
  await untilSettled(sync.deliver(20_000), clock);
  const [ended = assert.fail()] = await store.outbox.listOf(id);
  assert.equal(ended.state, "written", JSON.stringify(ended.reason));

  async function attemptsOf(most: number) {
    for (;;) {
      await sync.deliver(20_000);
      const [operation = assert.fail()] = await store.outbox.listOf(id);
      if (operation.attempts >= most) return operation;
      await clock.sleep(600_000);
    }
  }
});

test("a change overtaken again and again is finally left to the user, and never reported as written", async (t) => {
  const clock = createVirtualClock();
  const emulator = await startEmulator("github", { issues: 20, seed: 7, sources: 1, now: clock.now });
  t.after(() => emulator.close());
  const { store, sync, changes } = await openChangingMirror(t, emulator, { clock });
  const [{ id } = assert.fail()] = await readAllCards(store);
  await changes.edit(id, { title: "Never through" }, you);
  emulator.faults.add({ kind: "server-error", value: 409, method: "PATCH", times: 1_000 });
  emulator.requests.clear();
  await untilSettled(sync.deliver(20_000), clock);
  const [ended = assert.fail()] = await store.outbox.listOf(id);
  assert.deepEqual([ended.state, ended.reason?.code], ["refused", "conflict"]);
  assert.equal(emulator.requests.list().filter(({ method }) => method === "PATCH").length, 5);
});

/** A store that cannot record the outcome of an operation while `full`. */
function failing<T extends object>(part: T, full: () => boolean): T {
  if (!("outbox" in part)) return part;
  const { outbox } = part as unknown as Store;
  const settle: Store["outbox"]["sending"]["settle"] = async (...end) => {
    if (full()) throw new PanopticonError("internal", "The disk is full.");
    return outbox.sending.settle(...end);
  };
  const sending = new Proxy(outbox.sending, {
    get: (target, name) => (name === "settle" ? settle : Reflect.get(target, name)),
  });
  const own = new Proxy(outbox, { get: (target, name) => (name === "sending" ? sending : Reflect.get(target, name)) });
  return new Proxy(part, { get: (target, name) => (name === "outbox" ? own : Reflect.get(target, name)) });
}
