import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { onEachDatabase } from "../../../test/support/each-database.ts";
import { by, setTwoIssues } from "../../../test/support/outbox-stage.ts";
import type { FieldChange } from "../../domain/operation.ts";

const refused = {
  state: "refused",
  reason: { code: "invalid_input", message: "The tracker does not take it.", hint: null },
} as const;

const toProgress: readonly FieldChange[] = [
  { field: "status", from: "backlog", to: "in_progress" },
  { field: "labels", add: ["l-progress"], remove: [] },
];
const toDone: readonly FieldChange[] = [
  { field: "status", from: "in_progress", to: "done" },
  { field: "state", from: "open", to: "closed" },
  { field: "labels", add: [], remove: ["l-progress"] },
];
const back: readonly FieldChange[] = [
  { field: "status", from: "in_progress", to: "backlog" },
  { field: "labels", add: [], remove: ["l-progress"] },
];

onEachDatabase(({ open }) => {
  describe("a move queued behind a refused one", () => {
    it("starts from the issue's present status and replaces the refused one", async () => {
      const { store, id } = await setTwoIssues(await open());
      const { operation } = await store.outbox.edit(id, toProgress, by);
      const first = await store.outbox.get(operation ?? 0);
      await store.outbox.sending.begin(first, { steps: [], lookAt: null });
      await store.outbox.edit(id, toDone, by);
      await store.outbox.sending.settle(first.id, refused);

      const [left, ...others] = await store.outbox.list();
      assert.deepEqual(others, []);
      assert.deepEqual(left?.fields, [
        { field: "status", from: "backlog", to: "done" },
        { field: "state", from: "open", to: "closed" },
      ]);
      assert.equal((await store.outbox.get(first.id)).state, "merged");
      assert.equal((await store.outbox.issue(id)).status, "done");
    });

    it("ends together with it if it only reverts it", async () => {
      const { store, id } = await setTwoIssues(await open());
      const { operation } = await store.outbox.edit(id, toProgress, by);
      const first = await store.outbox.get(operation ?? 0);
      await store.outbox.sending.begin(first, { steps: [], lookAt: null });
      await store.outbox.edit(id, back, by);
      await store.outbox.sending.settle(first.id, refused);
      assert.deepEqual(await store.outbox.list(), []);
      assert.equal((await store.outbox.issue(id)).status, "backlog");
    });

    it("leaves the other refused changes to the user", async () => {
      const { store, id } = await setTwoIssues(await open());
      const { title } = (await store.outbox.issue(id)).shown;
      const { operation } = await store.outbox.edit(
        id,
        [...toProgress, { field: "title", from: title, to: "Mine" }],
        by,
      );
      const first = await store.outbox.get(operation ?? 0);
      await store.outbox.sending.begin(first, { steps: [], lookAt: null });
      await store.outbox.edit(id, toDone, by);
      await store.outbox.sending.settle(first.id, refused);
      const left = await store.outbox.list();
      assert.deepEqual(
        left.map(({ state, fields }) => [state, fields.map(({ field }) => field)]),
        [
          ["refused", ["title"]],
          ["queued", ["status", "state"]],
        ],
      );
    });
  });
});
