import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addSources, onEachDatabase } from "../../../test/support/each-database.ts";
import { makeIssue, makePage, makeSource } from "../../../test/support/store-fixtures.ts";
import type { FieldChange } from "../../domain/operation.ts";
import type { Author } from "../outbox/outbox.ts";

const by: Author = { actor: "you", session: "s1" };
const title = (from: string, to: string): FieldChange => ({ field: "title", from, to });

describe("undo entries", () => {
  onEachDatabase(({ open }) => {
    const setUp = async () => {
      const store = await open();
      const [source = 0] = await addSources(store, makeSource("acme/shop"));
      await store.mirror.applyPage(source, makePage([makeIssue(1), makeIssue(2)]));
      const { issues } = await store.board.issues({
        filter: {},
        sort: { key: "created", reverse: false },
        limit: 9,
        cursor: null,
        me: {},
      });
      const [second, first] = issues;
      assert.ok(first && second);
      return { store, first: first.id, second: second.id };
    };

    it("record each change as the session saw it, even if the outbox folds it", async () => {
      const { store, first } = await setUp();
      await store.outbox.edit(first, [title("Issue 1", "A")], by);
      const { operation } = await store.outbox.edit(first, [title("A", "B")], by);
      const [last] = await store.undo.last("s1");
      assert.deepEqual(last?.change, { kind: "edit", fields: [title("A", "B")] });
      assert.equal(last?.operation, operation);
      assert.equal(last?.ref, "shop#1");
      assert.deepEqual(await store.undo.last("s2"), []);
      const undoes = { entry: last?.id ?? 0, operation };
      await store.outbox.edit(first, [title("B", "A")], { ...by, undoes });
      const [before] = await store.undo.last("s1");
      assert.deepEqual(before?.change, { kind: "edit", fields: [title("Issue 1", "A")] });
      assert.equal((await store.outbox.issue(first)).shown.title, "A");
    });

    it("are returned in groups, latest first", async () => {
      const { store, first, second } = await setUp();
      const group = { ...by, group: "g" };
      await store.outbox.edit(first, [title("Issue 1", "A")], group);
      await store.outbox.edit(second, [title("Issue 2", "B")], group);
      const entries = await store.undo.last("s1");
      assert.deepEqual(
        entries.map(({ ref }) => ref),
        ["shop#2", "shop#1"],
      );
      await store.undo.close(
        entries.map(({ id }) => id),
        "given up",
      );
      assert.deepEqual(await store.undo.last("s1"), []);
    });

    it("are closed when their operation is dropped", async () => {
      const { store, first } = await setUp();
      const { operation } = await store.outbox.edit(first, [title("Issue 1", "A")], by);
      assert.equal((await store.undo.ofOperation(operation ?? 0)).length, 1);
      await store.outbox.drop(operation ?? 0);
      assert.deepEqual(await store.undo.last("s1"), []);
    });

    it("mark a written operation as undone once all of it was undone", async () => {
      const { store, first } = await setUp();
      const { operation } = await store.outbox.edit(first, [title("Issue 1", "A")], by);
      const answer = { issue: makeIssue(1, { title: "A" }), seen: {}, requestedAt: Date.now() };
      await store.outbox.sending.settle(operation ?? 0, { state: "written", answer });
      const [entry] = await store.undo.last("s1");
      const undoes = { entry: entry?.id ?? 0, operation };
      const back = await store.outbox.edit(first, [title("A", "Issue 1")], { ...by, undoes });
      assert.equal((await store.outbox.get(operation ?? 0)).state, "undone");
      assert.equal((await store.outbox.get(back.operation ?? 0)).undoes, operation);
      assert.deepEqual(await store.undo.last("s1"), []);
    });

    it("use the tracker's id of a comment once it is known", async () => {
      const { store, first } = await setUp();
      const { operation } = await store.outbox.comment(first, { kind: "comment", body: "Hello" }, by);
      const comment = { id: "c9", authorId: null, body: "Hello", createdAt: 5, updatedAt: 5 };
      await store.outbox.sending.settle(operation ?? 0, { state: "written", comment: { comment, seen: {} } });
      assert.equal((await store.outbox.get(operation ?? 0)).payload.comment?.id, "c9");
      const [entry] = await store.undo.last("s1");
      assert.deepEqual(entry?.change, { kind: "comment" });
    });
  });
});
