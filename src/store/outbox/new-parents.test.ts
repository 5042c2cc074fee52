import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { blankDraft } from "../../../test/support/blank-draft.ts";
import { onEachDatabase } from "../../../test/support/each-database.ts";
import { by, setTwoIssues } from "../../../test/support/outbox-stage.ts";
import { makeIssue } from "../../../test/support/store-fixtures.ts";

describe("parents that are not sent yet", () => {
  onEachDatabase(({ open }) => {
    it("that are new issues keep their children when they get their names, and lose them when they are dropped", async () => {
      const { store, source, id } = await setTwoIssues(await open());
      const { outbox, board } = store;
      const parentOf = async (issueId: number) => (await board.detail(issueId)).parent?.ref ?? null;
      for (const isDropped of [false, true]) {
        const parent = await outbox.create(source, { ...blankDraft, title: "Parent" }, by);
        const nativeId = (await outbox.issue(parent.issueId)).base.nativeId;
        const address = { nativeId, key: parent.ref, sourceKey: "acme/shop" };
        const child = await outbox.create(source, { ...blankDraft, title: "Child", parent: address }, by);
        const from = (await outbox.issue(id)).shown.parentId;
        await outbox.edit(id, [{ field: "parent", from, to: nativeId }], by);
        const children = async () => (await board.detail(parent.issueId)).children.total;
        assert.deepEqual(
          [await parentOf(id), await parentOf(child.issueId), await children()],
          [parent.ref, parent.ref, 2],
        );
        if (isDropped) {
          const { change } = await outbox.drop(parent.operation ?? 0);
          assert.deepEqual([await parentOf(id), change.refs.includes("shop#1")], ["shop#9", true]);
        } else {
          const answer = { issue: makeIssue(9), seen: {}, requestedAt: 2 };
          await outbox.sending.named(parent.operation ?? 0, answer, []);
          assert.deepEqual(
            [await parentOf(id), await parentOf(child.issueId), await children()],
            ["shop#9", "shop#9", 2],
          );
          const [edit] = (await outbox.list()).filter(({ kind }) => kind === "edit");
          const written = { ...makeIssue(1), parentId: makeIssue(9).nativeId };
          await outbox.sending.settle(edit?.id ?? 0, {
            state: "written",
            answer: { issue: written, seen: {}, requestedAt: 3 },
          });
        }
      }
      assert.deepEqual(await store.check(), []);
    });
  });
});
