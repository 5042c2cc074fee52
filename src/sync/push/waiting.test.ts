import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { startEmulator } from "../../../emulators/start.ts";
import { openChangingMirror } from "../../../test/support/changing-mirror.ts";
import { readAllCards } from "../../../test/support/compare.ts";
import { untilSettled } from "../../../test/support/settle-on-clock.ts";
import { eventually } from "../../../test/support/stage.ts";
import { createVirtualClock } from "../../../test/support/virtual-clock.ts";

const you = { actor: { kind: "user" }, session: "s1" } as const;

/** Three changed issues on a virtual clock, and the requests to the tracker since. */
async function openThree(t: TestContext) {
  const clock = createVirtualClock();
  const emulator = await startEmulator("github", { issues: 20, seed: 7, sources: 1, now: clock.now });
  t.after(() => emulator.close());
  const { store, sync, changes } = await openChangingMirror(t, emulator, { clock });
  const cards = (await readAllCards(store)).slice(0, 3);
  for (const { id, title } of cards) await changes.edit(id, { title: `${title}, changed` }, you);
  emulator.requests.clear();
  const states = async () => (await store.outbox.list()).map(({ state, reason }) => [state, reason?.code]);
  const isDone = async () => (await states()).length === 0 || undefined;
  return { clock, emulator, store, sync, states, isDone };
}

for (const [fault, code] of [
  ["revoked", "auth"],
  ["drop", "unreachable"],
] as const) {
  test(`${code}: after one change fails, all changes of the connection wait and none is refused`, async (t) => {
    const { clock, emulator, sync, states } = await openThree(t);
    emulator.faults.add({ kind: fault, times: 1_000 });
    await untilSettled(sync.deliver(20_000), clock);
    assert.deepEqual(await states(), [
      ["waiting", code],
      ["waiting", code],
      ["waiting", code],
    ]);
    const asked = new Set(emulator.requests.list().map(({ url }) => url));
    assert.ok(asked.size <= 1, `${[...asked].join(", ")} were asked`);
  });
}

test("changes waiting for credentials are sent as soon as a sync succeeds", async (t) => {
  const { clock, emulator, sync, states, isDone } = await openThree(t);
  sync.start();
  emulator.faults.add({ kind: "revoked", times: 1_000 });
  const isWaiting = async () => (await states()).every(([state]) => state === "waiting") || undefined;
  await eventually(isWaiting, "all wait");
  emulator.faults.clear();
  const from = clock.now();
  assert.deepEqual((await sync.syncNow()).failures, []);
  await eventually(isDone, "all are written");
  assert.equal(clock.now(), from, "nobody waited for the next probe of the credentials");
});

test("changes left waiting by an earlier process are retried at the start", async (t) => {
  const { clock, emulator, sync, states, isDone } = await openThree(t);
  emulator.faults.add({ kind: "revoked", times: 1_000 });
  await untilSettled(sync.deliver(20_000), clock);
  assert.equal((await states()).length, 3);
  emulator.faults.clear();
  const from = clock.now();
  sync.start();
  await eventually(isDone, "all are written");
  assert.equal(clock.now(), from);
});

test("a change that waits alone is sent when its time comes, without anything else happening", async (t) => {
  const { clock, emulator, store, sync, states } = await openThree(t);
  // One issue is answered with something that nobody can read. That holds up no other.
  const [waiting = assert.fail()] = await store.outbox.list();
  const number = waiting.ref.split("#")[1] ?? assert.fail(waiting.ref);
  emulator.faults.add({ kind: "renamed-field", field: "id", path: `/issues/${number}`, times: 1 });
  sync.start();
  const isAlone = async () => JSON.stringify(await states()) === '[["waiting","invalid_response"]]' || undefined;
  await eventually(isAlone, "one waits, the others are written");
  const [{ nextAttemptAt } = assert.fail()] = await store.outbox.list();
  const pauseMs = (nextAttemptAt ?? assert.fail()) - clock.now();
  // Sooner than the next poll, whose success would send it as well.
  assert.ok(pauseMs > 0 && pauseMs < 9_000, `${pauseMs} ms`);
  await clock.untilAsleep(1);
  emulator.requests.clear();
  await clock.advance(pauseMs);
  await eventually(async () => (await states()).length === 0 || undefined, "it is written");
  const asked = emulator.requests.list().filter(({ url }) => !url.includes(`/issues/${number}`));
  assert.deepEqual(
    asked.map(({ url }) => url),
    [],
    "nothing else happened",
  );
});

test("changes of a source that was removed from projects.yaml are kept and not sent, and are sent once it is back", async (t) => {
  const emulator = await startEmulator("github", { issues: 20, seed: 7, sources: 2 });
  t.after(() => emulator.close());
  const mirror = await openChangingMirror(t, emulator);
  const { store, sync, changes } = mirror;
  const [here = assert.fail(), away = assert.fail()] = await store.sources.list();
  const cards = await readAllCards(store);
  const cardOf = ({ key }: { readonly key: string }) => {
    const [issue] = emulator.world.issues(key);
    return cards.find(({ nativeId }) => nativeId === issue?.nativeId) ?? assert.fail(`no card of ${key}`);
  };
  const [stays, waits] = [cardOf(here.config), cardOf(away.config)];
  for (const { id } of [stays, waits]) await changes.edit(id, { title: "Changed here" }, you);
  const titleOf = ({ nativeId }: { readonly nativeId: string }) =>
    emulator.world.issues().find((issue) => issue.nativeId === nativeId)?.title;

  await store.sources.reconcile([here.config]);
  await sync.deliver(20_000);
  assert.deepEqual([titleOf(stays), titleOf(waits)], ["Changed here", waits.title]);

  await store.sources.reconcile([here.config, away.config]);
  await sync.deliver(20_000);
  assert.equal(titleOf(waits), "Changed here");
});

test("merges text changes in different lines", async (t) => {
  const emulator = await startEmulator("github", { issues: 20, seed: 7, sources: 1, budget: 1_000_000 });
  t.after(() => emulator.close());
  const { store, sync, changes } = await openChangingMirror(t, emulator);
  const [{ id, nativeId } = assert.fail()] = await readAllCards(store);
  await changes.edit(id, { body: "one\n\ntwo\n\nthree" }, you);
  await sync.deliver(20_000);
  await changes.edit(id, { body: "one, mine\n\ntwo\n\nthree" }, you);
  emulator.world.edit(nativeId, { body: "one\n\ntwo\n\nthree, theirs" });
  await sync.deliver(20_000);
  assert.deepEqual(await store.outbox.list(), []);
  const merged = "one, mine\n\ntwo\n\nthree, theirs";
  assert.equal(emulator.world.issues().find((issue) => issue.nativeId === nativeId)?.body, merged);
  assert.equal((await store.outbox.issue(id)).shown.body, merged);
});
