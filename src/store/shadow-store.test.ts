import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { onEachDatabase } from "../../test/support/each-database.ts";
import { by, cardOf, setTwoIssues } from "../../test/support/outbox-stage.ts";
import { makeIssue, makePage } from "../../test/support/store-fixtures.ts";

describe("shadow store", () => {
  onEachDatabase(({ open, clock }) => {
    const setUp = async () => setTwoIssues(await open(), { shadow: true });

    it("lists moves that stay here with their time, until the tracker's status is the same", async () => {
      const { store, source, id } = await setUp();
      await store.outbox.edit(id, [{ field: "status", from: "backlog", to: "done" }], by);
      const [move, ...others] = await store.shadows.list();
      assert.deepEqual([move?.card.ref, move?.from, move?.to, move?.at], ["shop#1", "backlog", "done", clock.now()]);
      assert.deepEqual(others, []);
      const closed = makeIssue(1, { stateId: "closed" });
      await store.mirror.applyPage(source, makePage([closed], { requestedAt: clock.now() + 1_000 }));
      assert.deepEqual(await store.shadows.list(), []);
      assert.deepEqual(await store.check(), []);
    });

    it("shows the tracker's statuses once shadow mode is off, with correct counts, and the local ones once it is on", async () => {
      const { store, id } = await setUp();
      await store.outbox.edit(id, [{ field: "status", from: "backlog", to: "in_progress" }], by);
      const sources = (await store.sources.list()).map(({ config }) => config);
      const set = (shadow: boolean) => store.sources.reconcile(sources.map((config) => ({ ...config, shadow })));
      for (const [shadow, status] of [
        [false, "backlog"],
        [true, "in_progress"],
      ] as const) {
        await set(shadow);
        assert.equal((await cardOf(store, "shop#1")).status, status);
        assert.deepEqual(await store.check(), []);
        assert.deepEqual(
          (await store.shadows.list()).map(({ from, to }) => [from, to]),
          [["backlog", "in_progress"]],
        );
      }
      await set(false);
      const { refs } = await store.shadows.forget(id);
      assert.deepEqual(refs, ["shop#1"]);
      await set(true);
      assert.equal((await cardOf(store, "shop#1")).status, "backlog");
    });
  });
});
