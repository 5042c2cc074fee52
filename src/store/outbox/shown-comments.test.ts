import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { onEachDatabase } from "../../../test/support/each-database.ts";
import { by, cardOf, setTwoIssues } from "../../../test/support/outbox-stage.ts";
import { makeIssue, makePage } from "../../../test/support/store-fixtures.ts";
import { localIdPrefix } from "../../domain/operation.ts";
import { createFindRefs } from "../../trackers/find-refs.ts";
import { trackers } from "../../trackers/registry.ts";

const refusal = { state: "refused", reason: { code: "forbidden", message: "No.", hint: null } } as const;

describe("comments that are not sent yet", () => {
  onEachDatabase(({ open, clock }) => {
    async function setUp() {
      const stage = await setTwoIssues(await open({ findRefs: createFindRefs(trackers) }));
      const { store, id } = stage;
      const { outbox, board } = store;
      const other = (await cardOf(store, "shop#2")).id;
      const found = async (...words: string[]) => {
        const totals: number[] = [];
        for (const q of words) {
          const query = { filter: { q }, sort: { key: "updated", reverse: false } as const, limit: 9, me: {} };
          totals.push((await board.issues({ ...query, cursor: null })).total);
        }
        return totals;
      };
      const related = async () => (await board.detail(other)).relations.map(({ ref }) => ref);
      const operation = async (change: Parameters<typeof outbox.comment>[1]) =>
        (await outbox.comment(id, change, by)).operation ?? assert.fail();
      const local = async (made: number) => `${localIdPrefix}${(await outbox.get(made)).uuid}`;
      return { ...stage, outbox, found, related, operation, local };
    }

    it("are found, and what they mention is related, until they are dropped or refused", async () => {
      const { store, source, id, outbox, found, related, operation, local } = await setUp();
      const made = await operation({ kind: "comment", body: "A walrus, see #2" });
      assert.deepEqual([await found("walrus"), await related()], [[1], ["shop#1"]]);
      await operation({ kind: "edit_comment", commentId: await local(made), body: "A marmot" });
      assert.deepEqual([await found("walrus", "marmot"), await related()], [[0, 1], []]);
      // Neither reads of the issue nor of its comments lose them.
      await store.mirror.applyPage(source, makePage([makeIssue(1, { title: "Other", body: "Other" })]));
      assert.deepEqual(await found("marmot"), [1]);
      const theirs = [{ id: "c1", authorId: null, body: "A badger", createdAt: 1, updatedAt: 1 }];
      await store.comments.replace(id, theirs, {}, clock.now());
      assert.deepEqual(await found("marmot", "badger"), [1, 1]);
      await outbox.sending.settle(made, refusal);
      assert.deepEqual(await found("marmot", "badger"), [0, 1]);
      await outbox.retry(made);
      assert.deepEqual(await found("marmot"), [1]);
      await outbox.drop(made);
      assert.deepEqual(await found("marmot"), [0]);
      assert.deepEqual(await store.check(), []);
    });

    it("are found by their new text when edited, and not when deleted, until that is refused", async () => {
      const { store, id, outbox, found, related, operation } = await setUp();
      const theirs = [{ id: "c1", authorId: null, body: "A badger, see #2", createdAt: 1, updatedAt: 1 }];
      await store.comments.replace(id, theirs, {}, clock.now());
      const edit = await operation({ kind: "edit_comment", commentId: "c1", body: "A marmot" });
      assert.deepEqual([await found("badger", "marmot"), await related()], [[0, 1], []]);
      await outbox.sending.settle(edit, refusal);
      assert.deepEqual([await found("badger", "marmot"), await related()], [[1, 0], ["shop#1"]]);
      await outbox.drop(edit);
      const removal = await operation({ kind: "delete_comment", commentId: "c1" });
      assert.deepEqual([await found("badger"), await related()], [[0], []]);
      await outbox.sending.settle(removal, refusal);
      assert.deepEqual([await found("badger"), await related()], [[1], ["shop#1"]]);
    });

    it("stay found after they were written, in an issue whose comments were never read", async () => {
      const { store, source, outbox, found, related, operation } = await setUp();
      const made = await operation({ kind: "comment", body: "A walrus, see #2" });
      const comment = { id: "c9", authorId: null, body: "A walrus, see #2", createdAt: 1, updatedAt: 1 };
      await outbox.sending.settle(made, { state: "written", comment: { comment, seen: {} } });
      await store.mirror.applyPage(source, makePage([makeIssue(1, { title: "Other", body: "Other" })]));
      assert.deepEqual([await found("walrus"), await related()], [[1], ["shop#1"]]);
    });
  });
});
