import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addSources, onEachDatabase } from "../../../test/support/each-database.ts";
import { makeIssue, makePage, makeSource } from "../../../test/support/store-fixtures.ts";
import type { Sort } from "../../domain/filter.ts";
import type { Author } from "../outbox/outbox.ts";
import type { Store } from "../store.ts";

const by: Author = { actor: "you", session: "s1" };
const manual: Sort = { key: "manual", reverse: false };

async function read(store: Store, sort = manual, limit = 500, cursor: string | null = null) {
  return store.board.issues({ filter: {}, sort, limit, cursor, me: {} });
}

async function order(store: Store): Promise<string> {
  return (await read(store)).issues.map(({ key }) => key.slice(1)).join(" ");
}

describe("the manual order", () => {
  onEachDatabase(({ open }) => {
    const setUp = async (createdAt: (number: number) => number, count = 5) => {
      const store = await open();
      const [shop = 0, app = 0] = await addSources(store, makeSource("acme/shop"), makeSource("acme/app"));
      const issues = Array.from({ length: count }, (_, index) =>
        makeIssue(index + 1, { createdAt: createdAt(index + 1) }),
      );
      await store.mirror.applyPage(shop, makePage(issues.slice(0, 3)));
      await store.mirror.applyPage(app, makePage(issues.slice(3)));
      const ids = new Map((await read(store)).issues.map(({ key, id }) => [Number(key.slice(1)), id]));
      const id = (number: number) => ids.get(number) ?? 0;
      return { store, shop, id };
    };

    it("is newest first until issues are placed next to others of any source", async () => {
      const { store, shop, id } = await setUp((number) => number * 1000);
      assert.equal(await order(store), "5 4 3 2 1");
      const change = await store.ranks.place(id(1), { before: id(4) }, by, null);
      assert.deepEqual(change?.refs, ["shop#1"]);
      assert.equal(await order(store), "5 1 4 3 2");
      await store.ranks.place(id(5), { after: id(2) }, by, null);
      await store.ranks.place(id(3), { before: id(1) }, by, null);
      assert.equal(await order(store), "3 1 4 2 5");
      assert.equal(await store.ranks.place(id(1), { after: id(3) }, by, null), null);
      // A change in its tracker does not move an issue.
      await store.mirror.applyPage(shop, makePage([makeIssue(1, { title: "New", createdAt: 9_000_000 })]));
      assert.equal(await order(store), "3 1 4 2 5");
      assert.equal((await read(store, { key: "manual", reverse: true })).issues[0]?.id, id(5));
      const first = await read(store, manual, 2);
      assert.deepEqual(
        (await read(store, manual, 2, first.cursor)).issues.map((issue) => issue.id),
        [id(4), id(2)],
      );
      assert.deepEqual(await store.check(), []);
    });

    it("makes room among issues of one time, and for repeated placing at one position", async () => {
      const { store, id } = await setUp(() => 1_700_000_000_000, 200);
      const before = (await order(store)).split(" ");
      const [top, next, third] = [before[0], before[1], before[150]].map(Number) as [number, number, number];
      await store.ranks.place(id(third), { after: id(top) }, by, null);
      const expected = [String(top), String(third), ...before.filter((key) => ![top, third].includes(Number(key)))];
      assert.equal(await order(store), expected.join(" "));
      for (let round = 0; round < 60; round += 1) {
        const moved = round % 2 === 0 ? next : third;
        await store.ranks.place(id(moved), { after: id(top) }, by, null);
        assert.deepEqual((await order(store)).split(" ").slice(0, 2).map(Number), [top, moved]);
      }
      const rest = (list: readonly string[]) => list.filter((key) => ![top, next, third].includes(Number(key)));
      assert.deepEqual(rest((await order(store)).split(" ")), rest(before));
    });

    it("is restored by undo among issues of one time that were spread apart to make room", async () => {
      const { store, id } = await setUp(() => 1_700_000_000_000, 12);
      const orders: string[] = [await order(store)];
      const placings = [
        [3, 9],
        [9, 4],
        [3, 11],
        [5, 3],
        [3, 1],
      ] as const;
      for (const [moved, next] of placings) {
        await store.ranks.place(id(moved), { before: id(next) }, by, null);
        orders.push(await order(store));
      }
      for (const before of orders.slice(0, -1).toReversed()) {
        const [entry] = await store.undo.last("s1");
        assert.ok(entry?.change.kind === "rank");
        const undoes = { entry: entry.id, operation: null };
        await store.ranks.takeBack(entry.issueId, entry.change, { ...by, undoes });
        assert.equal(await order(store), before);
      }
      assert.deepEqual(await store.undo.last("s1"), []);
    });

    it("is restored by undo, unless the issue was placed again since", async () => {
      const { store, id } = await setUp((number) => number * 1000);
      await store.ranks.place(id(1), { before: id(5) }, by, null);
      const [entry] = await store.undo.last("s1");
      assert.ok(entry?.change.kind === "rank");
      await store.ranks.place(id(1), { before: id(3) }, { ...by, session: "s2" }, null);
      const undoing = { ...by, undoes: { entry: entry.id, operation: null } };
      await assert.rejects(store.ranks.takeBack(id(1), entry.change, undoing), { code: "conflict" });
      const [later] = await store.undo.last("s2");
      assert.ok(later?.change.kind === "rank");
      await store.ranks.takeBack(id(1), later.change, { ...by, undoes: { entry: later.id, operation: null } });
      assert.equal(await order(store), "1 5 4 3 2");
      assert.deepEqual(await store.undo.last("s2"), []);
      await assert.rejects(store.ranks.place(id(1), { before: id(1) }, by, null), { code: "invalid_input" });
      await assert.rejects(store.ranks.place(999, { before: id(1) }, by, null), { code: "not_found" });
    });
  });
});
