import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { startEmulator } from "../../../emulators/start.ts";
import { createTestMirror } from "../../../test/support/mirror.ts";
import { createVirtualClock } from "../../../test/support/virtual-clock.ts";
import { untilSettled } from "../../../test/support/settle-on-clock.ts";
import { blankDraft } from "../../../test/support/blank-draft.ts";

const minute = 60_000;
const isOnce = ({ title }: { readonly title: string }) => title === "Once";

/** A mirrored Jira project with a new issue queued for creation. */
async function openStage(t: TestContext) {
  const clock = createVirtualClock();
  const emulator = await startEmulator("jira", { issues: 3, seed: 7, sources: 1, now: clock.now });
  const folder = await mkdtemp(join(tmpdir(), "panopticon-twins-"));
  let mirror = await createTestMirror([emulator], { clock, folder });
  await untilSettled(mirror.sync.syncNow(), clock);
  const [source] = await mirror.store.sources.list();
  assert.ok(source);
  const by = { actor: "you", session: "s1" };
  const { operation } = await mirror.store.outbox.create(source.id, { ...blankDraft, title: "Once" }, by);
  assert.ok(operation !== null);
  t.after(async () => {
    await mirror.close();
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  });
  const deliver = () => untilSettled(mirror.sync.deliver(10_000), clock);
  return {
    clock,
    emulator,
    operation,
    store: () => mirror.store,
    entry: () => mirror.store.outbox.get(operation),
    deliver,
    /** Sends the create; Jira creates the issue, but the answer is lost. Jira's search shows the issue after `searchLagMs`. */
    async loseAnswer(searchLagMs = 0) {
      emulator.world.lagSearch?.(searchLagMs);
      emulator.faults.add({ kind: "lost-answer", method: "POST", path: "/issue", times: 1 });
      await deliver();
    },
    made: () => emulator.world.issues().filter(isOnce),
    /** Reopens the mirror as the next process would. */
    async restart() {
      await mirror.close();
      mirror = await createTestMirror([emulator], { clock, folder });
    },
  };
}

test("a twin that the tracker's search shows late is found, even by the next process, and reported", async (t) => {
  const stage = await openStage(t);
  const { clock, emulator, operation, entry, deliver } = stage;
  await stage.loseAnswer(8 * minute);
  assert.equal((await entry()).state, "unknown");
  await clock.advance(2 * minute);
  await deliver();
  assert.deepEqual([(await entry()).state, (await entry()).twins], ["written", []]);
  assert.equal(stage.made().length, 2, "the search did not show the first one");
  assert.deepEqual(await stage.store().outbox.list(), [], "nobody knows of a twin yet");

  await clock.advance(2 * minute);
  await deliver();
  assert.deepEqual((await entry()).twins, [], "the search is still behind");
  await stage.restart();
  await clock.advance(10 * minute);
  await deliver();
  const { twins, ref } = await entry();
  const keys = stage.made().map(({ key }) => key);
  assert.deepEqual([...twins, ref].toSorted(), keys.toSorted());
  assert.deepEqual(
    (await stage.store().outbox.list()).map(({ id }) => id),
    [operation],
  );

  await stage.store().outbox.keepTwins(operation);
  emulator.requests.clear();
  await clock.advance(60 * minute);
  await deliver();
  assert.equal(emulator.requests.count(), 0, "nothing is looked for any more");
});

test("a twin that the tracker shows when the create is repeated is reported at once", async (t) => {
  const stage = await openStage(t);
  const { clock, emulator, operation, entry, deliver } = stage;
  await stage.loseAnswer(8 * minute);
  const [first] = stage.made();
  assert.ok(first);
  // The search shows it while the second create is rate limited.
  await clock.advance(first.createdAt + 8 * minute - 4_000 - clock.now());
  emulator.faults.add({ kind: "rate-limit", method: "POST", path: "/issue", value: 8, times: 1 });
  await deliver();
  const [, second] = stage.made();
  assert.ok(second, "the search did not show the first one before");
  const { state, twins, ref } = await entry();
  assert.equal(state, "written");
  assert.deepEqual([...twins, ref].toSorted(), [first.key, second.key].toSorted());
  assert.deepEqual(
    (await stage.store().outbox.list()).map(({ id }) => id),
    [operation],
  );
});

test("a create that may have succeeded is not reported as refused when looking for it fails", async (t) => {
  const stage = await openStage(t);
  const { clock, emulator, operation, entry, deliver } = stage;
  await stage.loseAnswer();
  assert.equal((await entry()).state, "unknown");

  // The next process knows nothing about the server yet, and asks it first.
  await stage.restart();
  await clock.advance(2 * minute);
  for (const fault of [{ kind: "malformed-json" }, { kind: "server-error", value: 404 }] as const) {
    emulator.faults.add({ ...fault, path: "/serverInfo", times: Number.POSITIVE_INFINITY });
    await deliver();
    const { state, reason } = await entry();
    assert.deepEqual([state, reason?.code], ["unknown", "unreachable"]);
    emulator.faults.clear();
    await clock.advance(10 * minute);
  }

  emulator.faults.add({ kind: "server-error", value: 403, path: "/search/jql", times: Number.POSITIVE_INFINITY });
  await deliver();
  const refused = await entry();
  assert.equal(refused.state, "refused");
  assert.match(refused.reason?.message ?? "", /^It is unknown whether this reached the tracker, and checking was/);
  emulator.faults.clear();
  await stage.store().outbox.retry(operation);
  await clock.advance(2 * minute);
  await deliver();
  assert.deepEqual([(await entry()).state, (await entry()).twins], ["written", []]);
  assert.equal(stage.made().length, 1);
});
