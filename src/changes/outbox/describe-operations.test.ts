import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { type ChangesStage, openChangesStage, you } from "../../../test/support/changes-stage.ts";
import type { Operation } from "../../store/outbox/outbox.ts";

const reason = { code: "forbidden", message: "Not yours.", hint: "Ask." } as const;

/** Brings a queued operation into a state, as the sync does. */
const into: Readonly<Record<string, (stage: ChangesStage, operation: Operation) => Promise<unknown>>> = {
  queued: async () => undefined,
  sending: ({ store }, operation) => store.outbox.sending.begin(operation, { steps: [], lookAt: null }),
  waiting: ({ store }, { id }) =>
    store.outbox.sending.postpone(id, { state: "waiting", nextAttemptAt: Date.now() + 60_000, reason }),
  unknown: ({ store }, { id }) =>
    store.outbox.sending.postpone(id, { state: "unknown", nextAttemptAt: Date.now() + 60_000, reason }),
  refused: ({ store }, { id }) => store.outbox.sending.settle(id, { state: "refused", reason }),
  conflict: ({ store }, { id }) =>
    store.outbox.sending.settle(id, { state: "conflict", conflicts: [{ field: "title", theirs: "Theirs" }] }),
};

/** What an entry offers. */
const offered: readonly (readonly [state: string, can: { readonly retry: boolean; readonly drop: boolean }])[] = [
  ["queued", { retry: false, drop: true }],
  ["sending", { retry: false, drop: false }],
  ["waiting", { retry: true, drop: true }],
  ["unknown", { retry: true, drop: false }],
  ["refused", { retry: true, drop: true }],
  ["conflict", { retry: true, drop: true }],
];

async function open(t: TestContext): Promise<ChangesStage> {
  const stage = await openChangesStage();
  t.after(() => stage.close());
  return stage;
}

async function offers(stage: ChangesStage, id: number) {
  const [entry = assert.fail()] = await stage.changes.outbox([id]);
  return { retry: entry.canRetry, drop: entry.canDrop };
}

describe("an entry of the outbox", () => {
  for (const [state, can] of offered) {
    it(`that is ${state} offers what can be done with it, and no more`, async (t) => {
      const stage = await open(t);
      await stage.changes.edit(await stage.id("app#1"), { title: "Mine" }, you);
      const queued = await stage.operation("app#1");
      await into[state]?.(stage, queued);
      assert.equal((await stage.operation("app#1")).state, state);
      assert.deepEqual(await offers(stage, queued.id), can);
      if (state === "sending") await assert.rejects(stage.changes.retry(queued.id), { code: "conflict" });
      if (can.retry) {
        await stage.changes.retry(queued.id);
        const again = await stage.operation("app#1");
        assert.equal(again.nextAttemptAt, null, "it is due");
        assert.equal(again.state, ["refused", "conflict"].includes(state) ? "queued" : state);
        await into[state]?.(stage, again);
      }
      if (!can.drop) {
        await assert.rejects(stage.changes.drop(queued.id), { code: "conflict" });
        return;
      }
      await stage.changes.drop(queued.id);
      await assert.rejects(stage.changes.drop(queued.id), { code: "conflict" });
      await assert.rejects(stage.changes.retry(queued.id), { code: "conflict" });
    });
  }

  it("whose issue is gone can only be dropped", async (t) => {
    const stage = await open(t);
    const issueId = await stage.id("app#1");
    await stage.changes.edit(issueId, { title: "Mine" }, you);
    const { id, sourceId } = await stage.operation("app#1");
    await into["refused"]?.(stage, await stage.operation("app#1"));
    await stage.store.mirror.remove(sourceId, [(await stage.store.outbox.issue(issueId)).base.nativeId], "gone");
    assert.deepEqual(await offers(stage, id), { retry: false, drop: true });
    await assert.rejects(stage.changes.retry(id), { code: "gone" });
    await stage.changes.drop(id);
  });

  it("whose source has left projects.yaml says so, and is as before once the source is back", async (t) => {
    const stage = await open(t);
    await stage.changes.edit(await stage.id("app#1"), { title: "Mine" }, you);
    const { id } = await stage.operation("app#1");
    const told = async () => {
      const [{ operation, hint, canDrop, canRetry } = assert.fail()] = await stage.changes.outbox([id]);
      return { state: operation.state, reason: operation.reason?.message, hint, canDrop, canRetry };
    };
    const before = await told();
    const sources = (await stage.store.sources.list()).map(({ config }) => config);
    await stage.store.sources.reconcile(sources.filter(({ key }) => key !== "acme/app"));
    assert.deepEqual(await told(), {
      state: "waiting",
      reason: "acme/app is not in projects.yaml any more.",
      hint: "Your change is sent once the source is back there.",
      canDrop: true,
      canRetry: false,
    });
    await stage.store.sources.reconcile(sources);
    assert.deepEqual(await told(), before);
  });

  it("with an unknown outcome, whose source has left projects.yaml, can be dropped", async (t) => {
    const stage = await open(t);
    await stage.changes.edit(await stage.id("app#1"), { title: "Mine" }, you);
    const { id } = await stage.operation("app#1");
    await into["unknown"]?.(stage, await stage.operation("app#1"));
    const sources = (await stage.store.sources.list()).map(({ config }) => config);
    await stage.store.sources.reconcile(sources.filter(({ key }) => key !== "acme/app"));
    assert.deepEqual(await offers(stage, id), { retry: false, drop: true });
    const [{ operation, hint } = assert.fail()] = await stage.changes.outbox([id]);
    assert.equal(operation.state, "unknown");
    assert.match(hint ?? "", /checked once the source is back/);
    await stage.changes.drop(id);
    assert.equal((await stage.store.outbox.get(id)).state, "dropped");
  });

  it("that refers to a new issue that was dropped can only be dropped", async (t) => {
    const stage = await open(t);
    const { ref: parent } = await stage.changes.create({ source: "acme/app", title: "Never created" }, you);
    const { ref } = await stage.changes.create({ source: "acme/app", title: "Its child", parent }, you);
    const { id } = await stage.operation(ref);
    await stage.changes.drop((await stage.operation(parent)).id);
    assert.equal((await stage.operation(ref)).state, "refused");
    assert.deepEqual(await offers(stage, id), { retry: false, drop: true });
    await assert.rejects(stage.changes.retry(id), { code: "conflict" });
    await stage.changes.drop(id);
  });
});
