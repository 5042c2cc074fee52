import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { makeIssue } from "../../../test/support/store-fixtures.ts";
import { type ChangesStage, openChangesStage, you } from "../../../test/support/changes-stage.ts";

describe("twins left by a lost answer", () => {
  let stage: ChangesStage;
  beforeEach(async () => {
    stage = await openChangesStage();
  });
  afterEach(() => stage.close());

  /** A new issue that its tracker created more than once: as `app#9`, and as the given ones. */
  async function made(twins: readonly string[]): Promise<number> {
    const { ref } = await stage.changes.create({ project: "app", source: "acme/app", title: "Once" }, you);
    const { id } = await stage.operation(ref);
    const issue = makeIssue(9, { title: "Once" });
    await stage.store.outbox.sending.named(id, { issue, seen: {}, requestedAt: Date.now() }, []);
    await stage.store.outbox.sending.settle(id, { state: "written", twins });
    return id;
  }
  const listed = async () => (await stage.changes.outbox()).map(({ operation }) => operation.id);

  it("are listed until they are closed, and closing cancels them in their tracker", async () => {
    const id = await made(["app#2"]);
    assert.deepEqual(await listed(), [id]);
    const { operation } = await stage.changes.closeTwins(id, you);
    assert.deepEqual(operation.twins, []);
    assert.equal(operation.state, "written");
    assert.equal((await stage.store.outbox.issue(await stage.id("app#2"))).status, "canceled");
    const move = await stage.operation("app#2");
    assert.deepEqual(await listed(), [move.id], "the move is on its way, the twin is dealt with");
  });

  it("stay if the user keeps them", async () => {
    const id = await made(["app#2"]);
    await stage.changes.drop(id);
    assert.deepEqual(await listed(), []);
    assert.equal((await stage.store.outbox.issue(await stage.id("app#2"))).status, "backlog");
    await assert.rejects(stage.changes.drop(id), { code: "conflict" });
    await assert.rejects(stage.changes.closeTwins(id, you), { code: "conflict" });
  });

  it("cannot be closed before a sync mirrors them, and stay listed", async () => {
    const id = await made(["app#77"]);
    await assert.rejects(stage.changes.closeTwins(id, you), { code: "busy", message: /app#77.*is not mirrored/ });
    assert.deepEqual(await listed(), [id]);
  });

  it("of comments are deleted", async () => {
    const issueId = await stage.id("app#1");
    const { commentId } = await stage.changes.comment(issueId, "Twice", you);
    const { id } = await stage.operation("app#1");
    const twin = { id: "c-2", authorId: "p-ben", body: "Twice", createdAt: 5, updatedAt: 5 };
    await stage.store.comments.replace(issueId, [twin], {}, Date.now());
    await stage.store.outbox.sending.settle(id, {
      state: "written",
      comment: { comment: { ...twin, id: "c-1" }, seen: {} },
      twins: ["c-2"],
    });
    await stage.changes.closeTwins(id, you);
    assert.notEqual(commentId, "c-1");
    assert.deepEqual(
      (await stage.store.comments.list(issueId)).map((comment) => comment.id),
      ["c-1"],
    );
    assert.equal((await stage.operation("app#1")).kind, "delete_comment");
  });
});
