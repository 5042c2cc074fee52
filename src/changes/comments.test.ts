import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { after, before } from "../../test/support/hooks.ts";
import type { NativeComment } from "../domain/issue.ts";
import { type ChangesStage, openChangesStage, you } from "../../test/support/changes-stage.ts";

const comment = (id: string, authorId: string): NativeComment => ({
  id,
  authorId,
  body: `Said in ${id}`,
  createdAt: 1,
  updatedAt: 1,
});

describe("comments", () => {
  let stage: ChangesStage;
  before(async () => {
    stage = await openChangesStage();
    await stage.store.sources.saveAccount("beta", { id: "p-ben", login: "ben", name: "Ben Bell" });
    for (const ref of ["app#1", "MIN-1"]) {
      await stage.store.comments.replace(await stage.id(ref), [comment("c1", "p-ann"), comment("c2", "p-ben")], {}, 5);
    }
  });
  after(() => stage.close());
  const list = async (ref: string) => stage.store.comments.list(await stage.id(ref));

  it("appear at once, and can be changed before they are sent", async () => {
    const id = await stage.id("app#1");
    const { commentId } = await stage.changes.comment(id, "Hello", you);
    assert.deepEqual((await list("app#1")).at(-1)?.id, commentId);
    await stage.changes.editComment(id, commentId, "Hello again", you);
    assert.equal((await list("app#1")).at(-1)?.body, "Hello again");
    await stage.changes.deleteComment(id, commentId, you);
    assert.equal((await list("app#1")).length, 2);
    assert.deepEqual(await stage.store.outbox.list(), []);
  });

  it("by the user can be edited and deleted", async () => {
    const id = await stage.id("app#1");
    await stage.changes.editComment(id, "c2", "Said in c2", you);
    assert.deepEqual(await stage.store.outbox.list(), [], "the same text is no change");
    await stage.changes.editComment(id, "c2", "Better", you);
    await stage.changes.deleteComment(id, "c2", you);
    assert.deepEqual(
      (await list("app#1")).map((one) => one.id),
      ["c1"],
    );
  });

  it("reply in the thread of another one, named by its id or its author", async () => {
    const id = await stage.id("app#2");
    await stage.store.comments.replace(
      id,
      [comment("c1", "p-ann"), { ...comment("c2", "p-ben"), replyTo: "c1" }],
      {},
      5,
    );
    const own = await stage.changes.comment(id, "A question", you);
    for (const [replyTo, root] of [
      ["c1", "c1"],
      ["c2", "c1"],
      ["ANN", "c1"],
      [own.commentId, own.commentId],
    ] as const) {
      const { commentId } = await stage.changes.comment(id, `To ${replyTo}`, you, replyTo);
      assert.equal((await list("app#2")).find((one) => one.id === commentId)?.replyTo, root);
    }
    await assert.rejects(stage.changes.comment(id, "Yes", you, "amn"), {
      code: "invalid_input",
      field: "replyTo",
      candidates: ["Ann"],
    });
    await assert.rejects(stage.changes.comment(await stage.id("MIN-1"), "Yes", you, "c1"), {
      code: "unsupported",
      message: "Comments in Beta have no threads.",
    });
  });

  it("are refused in plain words", async () => {
    const [alpha, beta] = [await stage.id("app#1"), await stage.id("MIN-1")];
    const { changes } = stage;
    await assert.rejects(changes.comment(alpha, " \n", you), { code: "invalid_input", field: "body" });
    await assert.rejects(changes.comment(alpha, "x".repeat(70_000), you), { code: "invalid_input" });
    await assert.rejects(changes.editComment(alpha, "c1", "Mine now", you), {
      code: "forbidden",
      message: /written by Ann/,
    });
    await assert.rejects(changes.deleteComment(alpha, "c1", you), { code: "forbidden" });
    await assert.rejects(changes.editComment(alpha, "c9", "What", you), { code: "not_found" });
    await assert.rejects(changes.deleteComment(beta, "c2", you), {
      code: "unsupported",
      message: "Comments in Beta cannot be deleted.",
    });
  });
});
