import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addSources, onEachDatabase } from "../../../test/support/each-database.ts";
import { shop, openShop, list, card } from "../../../test/support/shop-mirror.ts";
import { makeIssue, makePage, makeSource } from "../../../test/support/store-fixtures.ts";

describe("applyPage", () => {
  onEachDatabase(({ open }) => {
    it("keeps known relations if a list does not contain them", async () => {
      const { store, source } = await openShop(open);
      const relations = [{ id: "r1", type: "blocked_by", targetId: "n2" }] as const;
      await store.mirror.applyPage(source, makePage([makeIssue(1, { relations }), makeIssue(2)]));
      const again = await store.mirror.applyPage(source, makePage([makeIssue(1, { relations: null })]));
      assert.equal(again.changed, 0);
      await store.mirror.applyPage(source, makePage([makeIssue(1, { relations: null, title: "Renamed" })]));
      assert.deepEqual((await card(store, "shop#1")).blockedBy, ["shop#2"]);
      await store.mirror.applyPage(source, makePage([makeIssue(1, { relations: [] })]));
      assert.deepEqual((await card(store, "shop#1")).blockedBy, []);
    });

    it("reports the cards that show something of a changed issue", async () => {
      const { store, source } = await openShop(open);
      const blocked = [{ id: "r1", type: "blocked_by", targetId: "n1" }] as const;
      await store.mirror.applyPage(
        source,
        makePage([
          makeIssue(1, { parentId: "n4" }),
          makeIssue(2, { parentId: "n1" }),
          makeIssue(3, { relations: blocked }),
          makeIssue(4),
          makeIssue(5, { parentKey: "#1" }),
        ]),
      );
      assert.deepEqual((await card(store, "shop#3")).blockedBy, ["shop#1"]);
      assert.deepEqual((await card(store, "shop#2")).parent, {
        ref: "shop#1",
        address: "shop#1",
        key: "shop#1",
        title: "Issue 1",
        url: "https://tracker.test/issues/1",
        nativeId: "n1",
      });
      assert.deepEqual((await card(store, "shop#5")).parent, {
        ref: "shop#1",
        address: "shop#1",
        key: "shop#1",
        title: "Issue 1",
        url: "https://tracker.test/issues/1",
        nativeId: "n1",
      });
      assert.deepEqual((await card(store, "shop#1")).children, { done: 0, total: 2 });
      const { relations } = await store.board.detail((await card(store, "shop#1")).id);
      assert.deepEqual(
        relations.filter(({ type }) => type === "child").map(({ ref, title }) => [ref, title]),
        [
          ["shop#2", "Issue 2"],
          ["shop#5", "Issue 5"],
        ],
        "by its id, and by its address",
      );
      const change = await store.mirror.applyPage(
        source,
        makePage([makeIssue(1, { parentId: "n4", stateId: "closed", title: "Done" })]),
      );
      assert.deepEqual(change.refs.toSorted(), ["shop#1", "shop#2", "shop#3", "shop#4", "shop#5"]);
      assert.equal(change.changed, 1);
      assert.deepEqual((await card(store, "shop#3")).blockedBy, []);
      assert.deepEqual((await card(store, "shop#4")).children, { done: 1, total: 1 });
    });

    it("counts the mirrored children, unless the tracker reports more", async () => {
      const store = await open();
      const [source = 0] = await addSources(store, shop);
      const child = (number: number, stateId = "open") => makeIssue(number, { parentId: "n1", stateId });
      await store.mirror.applyPage(
        source,
        makePage([makeIssue(1, { children: { done: 0, total: 2 } }), child(2), child(3)]),
      );
      const counted = async () => (await card(store, "shop#1")).children;
      assert.deepEqual(await counted(), { done: 0, total: 2 });
      // A change of children alone leaves the parent as last read.
      await store.mirror.applyPage(source, makePage([child(3, "closed"), child(4)]));
      assert.deepEqual(await counted(), { done: 1, total: 3 });
      await store.mirror.applyPage(source, makePage([makeIssue(1, { children: { done: 5, total: 7 } })]));
      assert.deepEqual(await counted(), { done: 5, total: 7 });
    });

    it("names unmirrored issues as the tracker did with others, until they are mirrored", async () => {
      const store = await open();
      const [source = 0] = await addSources(store, shop, makeSource("acme/shopping"));
      const epic = { id: "elsewhere", key: "&4", title: "An epic", url: "https://tracker.example/4" };
      await store.mirror.applyPage(source, {
        ...makePage([
          makeIssue(1, { parentId: "elsewhere" }),
          makeIssue(2, { parentKey: "#77" }),
          makeIssue(3, { parentKey: "acme/shopping#5" }),
          makeIssue(4, { parentKey: "other/repo#6" }),
          makeIssue(5, { parentId: "hidden" }),
          makeIssue(6, { relations: [{ id: "r", type: "blocks", targetId: "elsewhere" }] }),
        ]),
        seen: { named: [epic] },
      });
      const parents = (await list(store)).toSorted((a, b) => a.id - b.id).map((issue) => issue.parent);
      const absent = { ref: null, address: null, title: null, url: null, nativeId: null };
      assert.deepEqual(parents, [
        { ...absent, key: "&4", title: "An epic", url: "https://tracker.example/4", nativeId: "elsewhere" },
        { ...absent, key: "shop#77" },
        { ...absent, key: "shopping#5" },
        { ...absent, key: "other/repo#6" },
        { ...absent, key: null, nativeId: "hidden" },
        null,
      ]);
      const related = async () => (await store.board.detail((await card(store, "shop#6")).id)).relations[0];
      const blocked = await related();
      assert.deepEqual([blocked?.ref, blocked?.key, blocked?.title, blocked?.url], [null, "&4", "An epic", epic.url]);

      const renamed = { ...makePage([]), seen: { named: [{ ...epic, title: "Another" }] } };
      assert.deepEqual((await store.mirror.applyPage(source, renamed)).refs, ["shop#1"]);
      assert.equal((await card(store, "shop#1")).parent?.title, "Another");
      assert.deepEqual((await store.mirror.applyPage(source, renamed)).refs, []);
      await store.mirror.applyPage(source, makePage([makeIssue(9, { nativeId: "elsewhere", title: "Mirrored" })]));
      assert.deepEqual([(await card(store, "shop#1")).parent?.ref, (await related())?.key], ["shop#9", "shop#9"]);
    });

    it("finds a parent by a key that includes its source, and none of another source", async () => {
      const store = await open();
      const keyed = (key: string) => ({ ...makeSource(key), refPrefix: "" });
      const [books = 0] = await addSources(store, keyed("BOOK"), keyed("B"), keyed("BO"));
      await store.mirror.applyPage(
        books,
        makePage([makeIssue(1, { key: "BOOK-1" }), makeIssue(2, { key: "BOOK-2", parentKey: "BOOKBOOK-1" })]),
      );
      assert.deepEqual((await card(store, "BOOK-2")).parent?.ref, "BOOK-1");
      assert.deepEqual((await card(store, "BOOK-1")).children, { done: 0, total: 1 });
      await store.mirror.applyPage(books, makePage([makeIssue(2, { key: "BOOK-2", parentKey: "BOOKBOOK-9" })]));
      const { ref, key } = (await card(store, "BOOK-2")).parent ?? {};
      assert.deepEqual([ref, key], [null, "BOOK-9"]);
    });
  });
});
