import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addSources, onEachDatabase } from "../../../test/support/each-database.ts";
import { shop, openShop, list, card } from "../../../test/support/shop-mirror.ts";
import { makeIssue, makePage, makeSource } from "../../../test/support/store-fixtures.ts";

describe("applyPage", () => {
  onEachDatabase(({ open }) => {
    it("removes issues reported as gone, and does not let an older answer restore them", async () => {
      const { store, source } = await openShop(open);
      const issue = makeIssue(1);
      await store.mirror.applyPage(source, makePage([issue, makeIssue(2)], { requestedAt: 10_000 }));
      const change = await store.mirror.applyPage(
        source,
        makePage([], { removed: ["n1", "n99"], requestedAt: 20_000 }),
      );
      assert.deepEqual([change.removed, change.refs], [1, ["shop#1"]]);
      await store.mirror.applyPage(source, makePage([issue], { requestedAt: 15_000 }));
      await store.mirror.applyPage(source, makePage([makeIssue(99)], { requestedAt: 15_000 }));
      assert.deepEqual(
        (await list(store)).map((shown) => shown.ref),
        ["shop#2"],
      );
      const [line] = await store.history.list({ limit: 1 });
      assert.deepEqual([line?.ref, line?.field, line?.tracker], ["shop#1", "gone", "github"]);
      assert.equal((await store.history.list({ tracker: "github", limit: 10 })).length, 1);
      assert.equal((await store.history.list({ tracker: "jira", limit: 10 })).length, 0);
      assert.deepEqual(await store.history.counts(0), [
        { actor: "tracker", tracker: "github", state: "written", entries: 1 },
      ]);
      await store.mirror.applyPage(source, makePage([issue], { requestedAt: 25_000 }));
      assert.equal((await store.board.total()) === 2, true, "a newer answer does");
      await store.mirror.applyPage(source, makePage([], { removed: ["n1"], requestedAt: 24_000 }));
      assert.equal(await store.board.total(), 2);
      assert.deepEqual(await store.check(), []);
    });

    it("moves an issue between sources of one connection and keeps its id", async () => {
      const store = await open();
      const [from = 0, to = 0] = await addSources(store, shop, makeSource("acme/till"));
      await store.mirror.applyPage(from, makePage([makeIssue(1)], { requestedAt: 10_000 }));
      const before = await card(store, "shop#1");
      const change = await store.mirror.applyPage(to, makePage([makeIssue(1, { key: "#8" })], { requestedAt: 20_000 }));
      assert.deepEqual(change.refs.toSorted(), ["shop#1", "till#8"]);
      await store.mirror.applyPage(from, makePage([], { removed: ["n1"], requestedAt: 30_000 }));
      const after = await card(store, "till#8");
      assert.equal(after.id, before.id);
      assert.deepEqual(
        (await store.sources.list()).map((row) => row.issues),
        [0, 1],
      );
      const found = await store.board.find({
        key: "#1",
        prefix: null,
        sourceKey: null,
        tracker: "github",
        host: null,
      });
      assert.deepEqual(
        found.map(({ ref }) => ref),
        ["till#8"],
        "the former key still finds it",
      );
    });
  });
});
