import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { emulatedTrackers, startEmulator } from "../../../emulators/start.ts";
import { openChangingMirror } from "../../../test/support/changing-mirror.ts";
import { readAllCards } from "../../../test/support/compare.ts";
import { toConnection, toSources } from "../../../test/support/mirror.ts";
import { eventually } from "../../../test/support/stage.ts";
import { subjectOf } from "../../trackers/conformance/subject-of.ts";
import type { Status } from "../../domain/status.ts";

const you = { actor: { kind: "user" }, session: "s1" } as const;

async function open(t: TestContext, tracker: string, other: Readonly<Record<string, string>> = {}) {
  const emulator = await startEmulator(tracker, { issues: 60, seed: 7, budget: 1_000_000 });
  t.after(() => emulator.close());
  const plan = {
    connections: [toConnection(emulator, { ...emulator.credentials, ...other })],
    sources: toSources(emulator),
  };
  const { store, sync, changes } = await openChangingMirror(t, emulator, { plan });
  const cardIn = async (status: Status) =>
    (await readAllCards(store)).find((card) => card.status === status) ?? assert.fail(`nothing is ${status}`);
  const theirs = (nativeId: string) =>
    emulator.world.issues().find((issue) => issue.nativeId === nativeId) ?? assert.fail();
  /** Delivers, and returns the newest change of an issue once it ended or waits for the user. */
  const deliver = (issueId: number) =>
    eventually(async () => {
      await sync.deliver(20_000);
      const [newest] = await store.outbox.listOf(issueId, 1);
      const isOpen = newest === undefined || ["queued", "sending", "waiting", "unknown"].includes(newest.state);
      return isOpen ? undefined : newest;
    }, "the change is written, or waits for the user");
  return { emulator, world: emulator.world, store, sync, changes, cardIn, theirs, deliver };
}

for (const tracker of emulatedTrackers) {
  test(`${tracker}: a concurrent change by another person is a conflict: it is not overwritten, and both values are kept`, async (t) => {
    const { world, changes, cardIn, theirs, deliver, store } = await open(t, tracker);
    const { id, nativeId } = await cardIn("backlog");
    await changes.edit(id, { title: "Mine" }, you);
    world.edit(nativeId, { title: "Theirs" });
    const ended = await deliver(id);
    assert.deepEqual([ended.state, ended.conflicts], ["conflict", [{ field: "title", theirs: "Theirs" }]]);
    assert.equal(theirs(nativeId).title, "Theirs");
    const [field] = (await store.outbox.get(ended.id)).fields;
    assert.equal(field && "to" in field && field.to, "Mine");
  });

  test(`${tracker}: a change that another person already made counts as done and is not written again`, async (t) => {
    const { emulator, world, changes, cardIn, theirs, deliver } = await open(t, tracker);
    const { id, nativeId } = await cardIn("backlog");
    await changes.edit(id, { title: "The same" }, you);
    world.edit(nativeId, { title: "The same" });
    const { updatedAt } = theirs(nativeId);
    emulator.requests.clear();
    assert.equal((await deliver(id)).state, "written");
    assert.equal(theirs(nativeId).updatedAt, updatedAt);
  });
}

for (const tracker of emulatedTrackers) {
  test(`${tracker}: after a lost answer a create is looked for only past its request's deadline, and is created once`, async (t) => {
    const { emulator, store, sync, changes } = await open(t, tracker);
    const [source = assert.fail()] = await store.sources.list();
    const { issueId } = await changes.create({ source: source.config.id, title: "Made once" }, you);
    const request = (await subjectOf(tracker)).writing?.requests.create;
    emulator.faults.add({ kind: "lost-answer", times: 1, ...request });
    const before = Date.now();
    await sync.deliver(20_000);
    const [create = assert.fail()] = await store.outbox.listOf(issueId, 1);
    assert.equal(create.state, "unknown");
    // At least the request's own deadline.
    assert.ok((create.nextAttemptAt ?? 0) >= before + 30_000, String((create.nextAttemptAt ?? 0) - before));
    assert.equal(emulator.world.issues().filter(({ title }) => title === "Made once").length, 1);
  });
}

test("github: a move overtaken by another person's move is a conflict", async (t) => {
  const { world, changes, cardIn, theirs, deliver } = await open(t, "github");
  const { id, nativeId } = await cardIn("backlog");
  await changes.edit(id, { status: "done" }, you);
  world.edit(nativeId, { state: "closed:not_planned" });
  const { state, conflicts } = await deliver(id);
  assert.deepEqual([state, conflicts], ["conflict", [{ field: "status", theirs: "canceled" }]]);
  assert.equal(theirs(nativeId).state, "closed:not_planned");
});

for (const [from, to, theirState] of [
  // By a label alone, out of a state with a label, and into one with a label.
  ["backlog", "planning", "open"],
  ["planning", "done", "open"],
  ["done", "planning", "open"],
] as const) {
  test(`github: a move from ${from} to ${to} is a conflict if another person moved the issue to review meanwhile`, async (t) => {
    const { world, changes, cardIn, theirs, deliver } = await open(t, "github");
    const { id, nativeId } = await cardIn("backlog");
    if (from !== "backlog") {
      await changes.edit(id, { status: from }, you);
      assert.equal((await deliver(id)).state, "written");
    }
    await changes.edit(id, { status: to }, you);
    const others = theirs(nativeId).labels.filter((name) => name !== "planning");
    world.edit(nativeId, { state: theirState, labels: [...others, "in review"] });
    const { state, conflicts } = await deliver(id);
    assert.deepEqual([state, conflicts], ["conflict", [{ field: "status", theirs: "in_review" }]]);
    assert.deepEqual(
      [theirs(nativeId).state, theirs(nativeId).labels.toSorted()],
      [theirState, [...others, "in review"].toSorted()],
    );
  });
}

test("github: a move is done if another person made the same move in another way", async (t) => {
  const { world, changes, cardIn, theirs, deliver } = await open(t, "github");
  const { id, nativeId } = await cardIn("backlog");
  await changes.edit(id, { status: "canceled" }, you);
  world.edit(nativeId, { state: "closed:duplicate" });
  assert.equal((await deliver(id)).state, "written");
  assert.equal(theirs(nativeId).state, "closed:duplicate");
});

test("linear: a move is a conflict even if another person moved it to another state of the same status", async (t) => {
  const { world, changes, cardIn, theirs, deliver, store } = await open(t, "linear");
  const { id, nativeId, status } = await cardIn("backlog");
  const present = theirs(nativeId).state;
  const [source = assert.fail()] = await store.sources.list();
  const ofStatus = (source.mapping?.statusRules ?? []).filter((rule) => rule.status === status);
  const { states } = await store.sources.vocabulary(source.id);
  const other = states.find(
    ({ id: stateId, name }) => name !== present && ofStatus.some((rule) => rule.stateId === stateId),
  );
  assert.ok(other);
  await changes.edit(id, { status: "in_progress" }, you);
  world.edit(nativeId, { state: other.name });
  const { state, conflicts } = await deliver(id);
  assert.deepEqual([state, conflicts], ["conflict", [{ field: "status", theirs: status }]]);
  assert.equal(theirs(nativeId).state, other.name);
});

test("github: an interrupted move of several requests resumes half way", async (t) => {
  const { emulator, changes, cardIn, theirs, deliver } = await open(t, "github");
  const { id, nativeId } = await cardIn("done");
  await changes.edit(id, { status: "canceled" }, you);
  // The issue is reopened, and the request that closes it for the other reason is lost.
  emulator.faults.add({ kind: "drop", method: "PATCH", after: 1, times: 1 });
  assert.equal((await deliver(id)).state, "written");
  assert.equal(theirs(nativeId).state, "closed:not_planned");
});

test("github: a change that is silently dropped for lack of permission is refused and reported", async (t) => {
  const reader = "ghp_emulator_reader";
  const { emulator, store, sync, deliver } = await open(t, "github", { GITHUB_TOKEN: reader });
  const [source = assert.fail()] = await store.sources.list();
  const { cycles } = await store.sources.vocabulary(source.id);
  const [cycle = assert.fail("the repository has a milestone")] = cycles;
  // An issue's author may edit it, but only a user with push access can set its milestone.
  const made = await fetch(`${emulator.url}/repos/${source.config.key}/issues`, {
    method: "POST",
    headers: { authorization: `Bearer ${reader}`, "content-type": "application/json" },
    body: JSON.stringify({ title: "By somebody who only reads" }),
  });
  assert.equal(made.status, 201);
  await sync.syncNow();
  const card = (await readAllCards(store)).find(({ title }) => title === "By somebody who only reads");
  const id = card?.id ?? assert.fail();
  const author = { actor: "you", session: "s1" };
  sync.changed(await store.outbox.edit(id, [{ field: "cycle", from: null, to: cycle.id }], author));
  const { state, reason } = await deliver(id);
  assert.deepEqual([state, reason?.message], ["refused", "The tracker accepted the change but left cycle unchanged."]);
  assert.equal((await store.outbox.issue(id)).shown.cycleId, null);
});
