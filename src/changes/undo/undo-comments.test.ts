import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { type ChangesStage, openChangesStage, you } from "../../../test/support/changes-stage.ts";

const other = { ...you, session: "browser 2" };
const nothing = { code: "not_found", message: "There is nothing to undo." };

describe("undo of comments", () => {
  let stage: ChangesStage;
  beforeEach(async () => {
    stage = await openChangesStage();
  });
  afterEach(() => stage.close());

  const undo = () => stage.changes.undo(you);
  const open = () => stage.store.outbox.list();

  it("undoes unsent and written comments", async () => {
    const id = await stage.id("app#1");
    await stage.changes.comment(id, "Unsent", you);
    await undo();
    assert.deepEqual(await open(), []);
    await stage.changes.comment(id, "Sent", you);
    const [{ id: operation } = { id: 0 }] = await open();
    const written = { id: "c7", authorId: "p-ben", body: "Sent", createdAt: 1, updatedAt: 1 };
    await stage.store.outbox.sending.settle(operation, { state: "written", comment: { comment: written, seen: {} } });
    await stage.changes.editComment(id, "c7", "Edited", you);
    await undo();
    assert.equal((await stage.store.comments.list(id))[0]?.body, "Sent");
    await undo();
    assert.deepEqual(await stage.store.comments.list(id), []);
    const [deletion] = await open();
    assert.deepEqual([deletion?.kind, deletion?.payload.comment?.id], ["delete_comment", "c7"]);
  });

  it("waits for the tracker's answer to a comment that is being sent", async () => {
    const id = await stage.id("app#1");
    const { sending } = stage.store.outbox;
    await stage.changes.comment(id, "Sent", you);
    const operation = await stage.operation("app#1");
    await sending.begin(operation, { steps: [], lookAt: null });
    // Twice, because users press the key again if nothing happens.
    const undone = Promise.allSettled([undo(), undo()]);
    await stage.store.outbox.get(operation.id);
    const written = { id: "c7", authorId: "p-ben", body: "Sent", createdAt: 1, updatedAt: 1 };
    await sending.settle(operation.id, { state: "written", comment: { comment: written, seen: {} } });
    assert.ok((await undone).some(({ status }) => status === "fulfilled"));
    assert.deepEqual(
      (await open()).map(({ kind, payload }) => [kind, payload.comment?.id]),
      [["delete_comment", "c7"]],
    );
    assert.deepEqual(await stage.store.comments.list(id), []);
  });

  it("does not wait for a comment whose outcome is unknown", async () => {
    const id = await stage.id("app#1");
    await stage.changes.comment(id, "Sent", you);
    const operation = await stage.operation("app#1");
    const { sending } = stage.store.outbox;
    await sending.begin(operation, { steps: [], lookAt: null });
    await sending.postpone(operation.id, { state: "unknown", nextAttemptAt: Date.now() + 60_000, reason: null });
    await assert.rejects(undo(), { code: "busy" });
  });

  /** A comment that exists in the tracker, and a way to settle the newest operation on it. */
  const commented = async (body: string) => {
    const id = await stage.id("app#1");
    const comment = { id: "c7", authorId: "p-ben", body, createdAt: 1, updatedAt: 1 };
    await stage.store.comments.replace(id, [comment], {}, 5);
    return id;
  };
  const settleComment = async (written: { readonly id: string; readonly body: string } | null) => {
    const [{ id } = { id: 0 }] = await open();
    const comment = written && { comment: { ...written, authorId: "p-ben", createdAt: 9, updatedAt: 9 }, seen: {} };
    await stage.store.outbox.sending.settle(id, { state: "written", comment });
  };
  const comments = async (id: number) =>
    (await stage.store.comments.list(id)).map(({ body, pending, sentAgain }) => ({ body, pending, sentAgain }));

  it("sends a comment again after a written deletion, and says so", async () => {
    const id = await commented("Wise words");
    await stage.changes.deleteComment(id, "c7", you);
    await settleComment(null);
    const deletion = (await stage.operation("app#1")).id;
    const undone = await undo();
    assert.equal(undone.what, "restored the comment on app#1; it is sent again, with a new time and id");
    assert.deepEqual(await comments(id), [{ body: "Wise words", pending: true, sentAgain: true }]);
    const [again] = await stage.changes.outbox();
    assert.deepEqual(
      [again?.operation.id, again?.operation.kind, again?.operation.undoes],
      [undone.operation, "comment", deletion],
    );
    assert.deepEqual(again?.fields, [{ name: "comment", from: null, to: "Wise words" }]);
    const lines = (await stage.store.history.list({ limit: 9 })).map(({ field, state }) => `${field}: ${state}`);
    assert.deepEqual(lines, ["comment sent again: pending", "comment deleted: undone"]);
    await assert.rejects(undo(), nothing);
    await settleComment({ id: "c9", body: "Wise words" });
    assert.deepEqual(await comments(id), [{ body: "Wise words", pending: false, sentAgain: true }]);
    await assert.rejects(stage.changes.undo(you, { operation: deletion }), { code: "not_found" });
  });

  it("sends a deleted comment again only once, however many undo it concurrently", async () => {
    const id = await commented("Wise words");
    await stage.changes.deleteComment(id, "c7", { ...you, change: "deletion" });
    await settleComment(null);
    const { id: deletion } = await stage.operation("app#1");
    await Promise.allSettled([
      undo(),
      stage.changes.undo(you, { change: "deletion" }),
      stage.changes.undo(other, { operation: deletion }),
    ]);
    assert.deepEqual(await comments(id), [{ body: "Wise words", pending: true, sentAgain: true }]);
    assert.equal((await open()).length, 1);
  });

  it("continues to earlier steps with the comment that was sent again", async () => {
    const id = await stage.id("app#1");
    const { commentId } = await stage.changes.comment(id, "Said", you);
    await settleComment({ id: "c7", body: "Said" });
    await stage.changes.editComment(id, "c7", "Said better", you);
    await settleComment({ id: "c7", body: "Said better" });
    await stage.changes.deleteComment(id, "c7", you);
    await settleComment(null);
    await undo();
    // All its former ids still refer to it.
    for (const name of [commentId, "c7"]) {
      await stage.changes.editComment(id, name, `By ${name}`, you);
      await undo();
    }
    await settleComment({ id: "c9", body: "Said better" });
    await stage.changes.deleteComment(id, commentId, you);
    await settleComment(null);
    await undo();
    await settleComment({ id: "c11", body: "Said better" });
    await undo();
    assert.deepEqual(await comments(id), [{ body: "Said", pending: true, sentAgain: true }]);
    await settleComment({ id: "c11", body: "Said" });
    await undo();
    const [last] = await open();
    assert.deepEqual([last?.kind, last?.payload.comment?.id], ["delete_comment", "c11"]);
    await settleComment(null);
    await assert.rejects(undo(), nothing);
  });

  it("sends a reply again to its thread, even if the thread was itself sent again", async () => {
    const id = await stage.id("app#1");
    const at = { authorId: "p-ben", createdAt: 1, updatedAt: 1 };
    await stage.store.comments.replace(
      id,
      [
        { ...at, id: "c1", body: "A question" },
        { ...at, id: "c2", body: "An answer", replyTo: "c1" },
      ],
      {},
      5,
    );
    assert.equal((await stage.store.comments.list(id))[1]?.replyTo, "c1");
    // An edit that the deletion folds into also keeps the thread.
    await stage.changes.editComment(id, "c2", "A better answer", you);
    await stage.changes.deleteComment(id, "c2", you);
    await settleComment(null);
    await undo();
    const { comment } = (await stage.operation("app#1")).payload;
    assert.deepEqual([comment?.body, comment?.replaces, comment?.replyTo], ["A better answer", "c2", "c1"]);
  });

  it("undoes the resending as well, sent or not, also by its outbox entry", async () => {
    const id = await commented("Wise words");
    const deleteIt = async (commentId: string) => {
      await stage.changes.deleteComment(id, commentId, you);
      await settleComment(null);
      return (await undo()).operation ?? 0;
    };
    await stage.changes.undo(you, { operation: await deleteIt("c7") });
    assert.deepEqual([await comments(id), await open()], [[], []]);

    await stage.store.comments.replace(
      id,
      [{ id: "c8", authorId: "p-ben", body: "More", createdAt: 1, updatedAt: 1 }],
      {},
      5,
    );
    const again = await deleteIt("c8");
    await settleComment({ id: "c9", body: "More" });
    await stage.changes.undo(you, { operation: again });
    const [deletion] = await open();
    assert.deepEqual([deletion?.kind, deletion?.payload.comment?.id], ["delete_comment", "c9"]);
    // The deletion that undid it is a change like any other.
    await settleComment(null);
    await stage.changes.undo(you, { operation: deletion?.id ?? 0 });
    assert.deepEqual(await comments(id), [{ body: "More", pending: true, sentAgain: true }]);
  });

  it("undoes an unsent deletion", async () => {
    const id = await stage.id("app#1");
    const written = { id: "c7", authorId: "p-ben", body: "Wise words", createdAt: 1, updatedAt: 1 };
    await stage.store.comments.replace(id, [written], {}, 5);
    await stage.changes.deleteComment(id, "c7", you);
    await undo();
    assert.equal((await stage.store.comments.list(id)).length, 1);
    const { commentId } = await stage.changes.comment(id, "Never sent", you);
    await stage.changes.deleteComment(id, commentId, you);
    await undo();
    assert.equal((await stage.store.comments.list(id)).at(-1)?.body, "Never sent");
  });
});
