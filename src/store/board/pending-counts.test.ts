import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { blankDraft } from "../../../test/support/blank-draft.ts";
import { onEachDatabase } from "../../../test/support/each-database.ts";
import { by, cardOf, setTwoIssues, title } from "../../../test/support/outbox-stage.ts";
import { makeIssue, makePage } from "../../../test/support/store-fixtures.ts";
import type { FieldChange } from "../../domain/operation.ts";
import type { Status } from "../../domain/status.ts";

const move = (from: Status, to: Status, states: readonly [string, string]): readonly FieldChange[] => [
  { field: "status", from, to },
  { field: "state", from: states[0], to: states[1] },
];
const close = move("backlog", "done", ["open", "closed"]);
const reopen = move("done", "backlog", ["closed", "open"]);
const reason = { code: "forbidden", message: "No.", hint: null };

describe("what open changes count", () => {
  onEachDatabase(({ open, clock }) => {
    it("children that get a parent, lose it, or are closed, where the tracker knows more than are mirrored", async () => {
      const { store, source, id } = await setTwoIssues(await open());
      const { outbox } = store;
      const told = makeIssue(3, { children: { done: 1, total: 3 } });
      await store.mirror.applyPage(source, makePage([makeIssue(1, { parentId: "n3" }), told]));
      const other = (await cardOf(store, "shop#2")).id;
      const counted = async () => (await cardOf(store, "shop#3")).children;
      assert.deepEqual(await counted(), { done: 1, total: 3 });
      const { operation: closing } = await outbox.edit(id, close, by);
      assert.deepEqual(await counted(), { done: 2, total: 3 });
      const { operation: leaving } = await outbox.edit(id, [{ field: "parent", from: "n3", to: null }], by);
      assert.deepEqual(await counted(), { done: 1, total: 2 });
      await outbox.edit(other, [{ field: "parent", from: null, to: "n3" }], by);
      const address = { nativeId: "n3", key: "#3", sourceKey: "acme/shop" };
      const made = await outbox.create(source, { ...blankDraft, title: "New", parent: address }, by);
      assert.deepEqual(await counted(), { done: 1, total: 4 });
      await outbox.drop(made.operation ?? 0);
      await outbox.sending.settle(leaving ?? 0, { state: "refused", reason });
      assert.deepEqual(await counted(), { done: closing === leaving ? 1 : 2, total: 4 });
    });

    it("comments, and comes back to the tracker's number", async () => {
      const { store, source, id } = await setTwoIssues(await open());
      const { outbox } = store;
      const put = (commentCount: number) =>
        store.mirror.applyPage(source, makePage([makeIssue(1, { commentCount })], { requestedAt: clock.now() }));
      await put(1);
      const theirs = { id: "c1", authorId: null, body: "A badger", createdAt: 1, updatedAt: 1 };
      await store.comments.replace(id, [theirs], {}, clock.now());
      const counted = async () => (await cardOf(store, "shop#1")).commentCount;
      const { operation: made } = await outbox.comment(id, { kind: "comment", body: "A walrus" }, by);
      assert.equal(await counted(), 2);
      const { operation: removed } = await outbox.comment(id, { kind: "delete_comment", commentId: "c1" }, by);
      assert.equal(await counted(), 1);
      await outbox.sending.settle(removed ?? 0, { state: "refused", reason });
      assert.equal(await counted(), 2);
      await clock.advance(1_000);
      await outbox.sending.begin(await outbox.get(made ?? 0), { steps: [], lookAt: null });
      await clock.advance(1_000);
      const comment = { ...theirs, id: "c2", body: "A walrus" };
      await outbox.sending.settle(made ?? 0, { state: "written", comment: { comment, seen: {} } });
      assert.equal(await counted(), 2, "the tracker has it, and was not read since");
      await put(3);
      assert.equal(await counted(), 3);
      assert.deepEqual(await store.check(), []);
    });

    it("an issue that is closed as closed, a reopened one as never closed, and an edited new one as updated", async () => {
      const { store, source, id } = await setTwoIssues(await open());
      const { outbox } = store;
      const closedAt = async () => (await cardOf(store, "shop#1")).closedAt;
      await clock.advance(5_000);
      const now = clock.now();
      const { operation: closing } = await outbox.edit(id, close, by);
      assert.equal(await closedAt(), now);
      await outbox.drop(closing ?? 0);
      assert.equal(await closedAt(), null);
      await store.mirror.applyPage(source, makePage([makeIssue(1, { stateId: "closed", closedAt: 7 })]));
      const { operation: reopening } = await outbox.edit(id, reopen, by);
      assert.equal(await closedAt(), null);
      await outbox.sending.settle(reopening ?? 0, { state: "refused", reason });
      assert.equal(await closedAt(), 7);
      const made = await outbox.create(source, { ...blankDraft, title: "New" }, by);
      await clock.advance(5_000);
      await outbox.edit(made.issueId, [title("New", "Newer")], by);
      assert.equal((await cardOf(store, made.ref)).updatedAt, clock.now());
    });
  });
});
