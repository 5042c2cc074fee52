import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addSources, onEachDatabase } from "../../../test/support/each-database.ts";
import {
  makeIssue,
  makePage,
  makeSource,
  mapping,
  sourceInfo,
  vocabulary,
} from "../../../test/support/store-fixtures.ts";
import type { IssueFilter, Sort } from "../../domain/filter.ts";
import type { AskedRef, Store } from "../store.ts";

const shop = makeSource("acme/shop");
const till = makeSource("acme/till", { project: "till", projectName: "Till" });
const team = makeSource("MIN", {
  id: "linear:MIN",
  tracker: "linear",
  connection: "linear",
  project: "till",
  projectName: "Till",
  refPrefix: "",
});
const newest: Sort = { key: "updated", reverse: false };

const refsOf = (window: { issues: readonly { ref: string }[] }) => window.issues.map((issue) => issue.ref);

function list(store: Store, filter: IssueFilter, sort: Sort = { key: "created", reverse: true }) {
  return store.board.issues({ filter, sort, limit: 100, cursor: null, me: { github: "p-ann" } });
}

async function openBoard(open: () => Promise<Store>) {
  const store = await open();
  const sources = await addSources(store, shop, till, team);
  const [one = 0, two = 0, three = 0] = sources;
  await store.mirror.applyPage(
    one,
    makePage([
      makeIssue(1, { assigneeIds: ["p-ann"], labelIds: ["l-bug"], nativePriority: "high", type: "Bug" }),
      makeIssue(2, { assigneeIds: ["p-ben"], stateId: "closed", cycleId: "c-1" }),
      makeIssue(3, { labelIds: ["l-bug", "l-urgent"], updatedAt: 9_000 }),
    ]),
  );
  await store.mirror.applyPage(
    two,
    makePage([
      makeIssue(4, { assigneeIds: ["p-ann", "p-ben"], nativePriority: "low" }),
      makeIssue(5, { stateId: "dropped" }),
    ]),
  );
  await store.mirror.applyPage(three, makePage([makeIssue(6, { key: "MIN-6", labelIds: ["l-review"] })]));
  return { store, sources };
}

describe("board", () => {
  onEachDatabase(({ open }) => {
    it("supports every filter", async () => {
      const { store } = await openBoard(open);
      const cases: [IssueFilter, string[]][] = [
        [{}, ["shop#1", "shop#2", "shop#3", "till#4", "till#5", "MIN-6"]],
        [{ tracker: ["linear"] }, ["MIN-6"]],
        [{ tracker: ["github", "linear"], project: ["till"] }, ["till#4", "till#5", "MIN-6"]],
        [{ project: ["TILL"], tracker: ["github"] }, ["till#4", "till#5"]],
        [{ status: ["done", "canceled"] }, ["shop#2", "till#5"]],
        [{ status: ["in_progress"] }, []],
        [{ assignee: ["ANN"] }, ["shop#1", "till#4"]],
        [{ assignee: ["me"] }, ["shop#1", "till#4"]],
        [{ assignee: ["none"] }, ["shop#3", "till#5", "MIN-6"]],
        [{ assignee: ["none", "ben"] }, ["shop#2", "shop#3", "till#4", "till#5", "MIN-6"]],
        [{ assignee: ["nobody"] }, []],
        [{ assignee: ["nobody", "none"] }, ["shop#3", "till#5", "MIN-6"]],
        [{ label: ["BUG"] }, ["shop#1", "shop#3"]],
        [{ label: ["bug", "In-Review"] }, ["shop#1", "shop#3", "MIN-6"]],
        [{ label: ["bug"], assignee: ["none"] }, ["shop#3"]],
        [{ label: ["there is none"] }, []],
        [{ priority: [1, 2] }, ["shop#1", "shop#3"]],
        [{ priority: [4] }, ["till#4"]],
        [{ type: ["bug"] }, ["shop#1"]],
        [{ cycle: ["sprint 1"] }, ["shop#2"]],
        [{ cycle: ["none"] }, ["shop#1", "shop#3", "till#4", "till#5", "MIN-6"]],
        [{ cycle: ["none", "Sprint 1"], label: ["bug"] }, ["shop#1", "shop#3"]],
        [{ updated: { after: 2_003, before: 2_006 } }, ["till#4", "till#5"]],
        [{ updated: { after: 8_999 } }, ["shop#3"]],
        [{ q: "issue" }, ["shop#1", "shop#2", "shop#3", "till#4", "till#5", "MIN-6"]],
        [{ q: "issue", label: ["bug"], status: ["backlog"], priority: [1] }, ["shop#3"]],
        [{ tracker: [], status: [], label: [], q: "" }, ["shop#1", "shop#2", "shop#3", "till#4", "till#5", "MIN-6"]],
        [{ project: ["nowhere"] }, []],
      ];
      for (const [filter, expected] of cases) {
        const window = await list(store, filter);
        assert.deepEqual(refsOf(window), expected, JSON.stringify(filter));
        assert.equal(window.total, expected.length, JSON.stringify(filter));
        const columns = await store.board.columns({ filter, sort: newest, limit: 50, me: { github: "p-ann" } });
        assert.deepEqual(columns.flatMap(refsOf).toSorted(), expected.toSorted(), JSON.stringify(filter));
        assert.ok(
          columns.every((column) => column.total === column.issues.length && column.cursor === null),
          JSON.stringify(filter),
        );
      }
    });

    it("sorts by priority, update and creation, in both directions", async () => {
      const { store } = await openBoard(open);
      const order = async (key: Sort["key"], reverse: boolean) => refsOf(await list(store, {}, { key, reverse }));
      assert.deepEqual(await order("priority", false), ["shop#3", "shop#1", "till#4", "MIN-6", "till#5", "shop#2"]);
      assert.deepEqual(await order("updated", false), ["shop#3", "MIN-6", "till#5", "till#4", "shop#2", "shop#1"]);
      assert.deepEqual(await order("created", false), ["MIN-6", "till#5", "till#4", "shop#3", "shop#2", "shop#1"]);
      assert.deepEqual(await order("manual", false), await order("created", false));
      for (const key of ["priority", "updated", "created", "manual"] as const) {
        assert.deepEqual(await order(key, true), (await order(key, false)).toReversed());
      }
    });

    it("continues a column after its first cards", async () => {
      const { store, sources } = await openBoard(open);
      const many = Array.from({ length: 30 }, (_, index) =>
        makeIssue(100 + index, { updatedAt: 50_000 + (index % 3) }),
      );
      await store.mirror.applyPage(sources[0] ?? 0, makePage(many));
      const query = { filter: { tracker: ["github"] }, sort: newest, limit: 7, me: {} };
      const [backlog] = await store.board.columns(query);
      assert.ok(backlog);
      assert.equal(backlog.total, 33);
      const seen = refsOf(backlog);
      let { cursor } = backlog;
      while (cursor !== null) {
        const window = await store.board.issues({ ...query, filter: { ...query.filter, status: ["backlog"] }, cursor });
        assert.equal(window.total, 33);
        seen.push(...refsOf(window));
        ({ cursor } = window);
      }
      assert.equal(seen.length, 33);
      assert.equal(new Set(seen).size, 33);
    });

    it("refuses a cursor of another list", async () => {
      const { store } = await openBoard(open);
      const query = { filter: { label: ["bug"] }, sort: newest, limit: 1, cursor: null, me: {} };
      const { cursor } = await store.board.issues(query);
      assert.ok(cursor !== null);
      await store.board.issues({ ...query, cursor, filter: { label: ["bug"], status: [] } });
      const wrong = [
        { ...query, cursor, filter: {} },
        { ...query, cursor, sort: { key: "updated", reverse: true } as const },
        { ...query, cursor, sort: { key: "priority", reverse: false } as const },
        { ...query, cursor: "rubbish" },
        { ...query, cursor: Buffer.from("[]").toString("base64url") },
        { ...query, cursor: Buffer.from('["x","y"]').toString("base64url") },
      ];
      for (const other of wrong) await assert.rejects(store.board.issues(other), { code: "invalid_input" });
    });

    it("finds issues by the forms that people write", async () => {
      const { store, sources } = await openBoard(open);
      await store.mirror.applyPage(sources[2] ?? 0, makePage([makeIssue(7, { key: "MIN-7", formerKeys: ["OLD-3"] })]));
      await store.mirror.applyPage(sources[1] ?? 0, makePage([makeIssue(11, { key: "#1" })]));
      const ask = async (part: Partial<AskedRef>) =>
        (
          await store.board.find({ key: "#1", prefix: null, sourceKey: null, tracker: "github", host: null, ...part })
        ).map((found) => `${found.project} ${found.ref}`);
      assert.deepEqual(await ask({ prefix: "shop" }), ["shop shop#1"]);
      assert.deepEqual(await ask({ prefix: "SHOP" }), ["shop shop#1"]);
      assert.deepEqual(await ask({ sourceKey: "Acme/Till" }), ["till till#1"]);
      assert.deepEqual(await ask({}), ["shop shop#1", "till till#1"], "several where it is ambiguous");
      assert.deepEqual(await ask({ key: "#99" }), []);
      assert.deepEqual(await ask({ key: "min-7", tracker: "linear" }), ["till MIN-7"]);
      assert.deepEqual(await ask({ key: "old-3", tracker: "linear" }), ["till MIN-7"]);
      assert.deepEqual(await ask({ key: "MIN-7" }), [], "another tracker's");
      const { nativeId } = makeIssue(7);
      assert.deepEqual(await ask({ key: "", nativeId, tracker: "linear" }), ["till MIN-7"], "by the immutable id");
      assert.deepEqual(await ask({ key: "", nativeId: "nobody's", tracker: "linear" }), []);
      assert.deepEqual(await ask({ prefix: "shop", host: "tracker.test" }), ["shop shop#1"]);
      assert.deepEqual(await ask({ prefix: "shop", host: "elsewhere.test" }), []);
      // As in the URL of a server below a path: `https://tracker.test/below/acme/shop/issues/1`.
      for (const [index, key] of ["acme/shop", "acme/till"].entries()) {
        const info = { ...sourceInfo, url: `https://tracker.test/below/${key}` };
        await store.sources.saveSchema(sources[index] ?? 0, { info, vocabulary, mapping, at: 1 });
      }
      const host = "tracker.test";
      assert.deepEqual(await ask({ sourceKey: "below/acme/shop", host }), ["shop shop#1"]);
      assert.deepEqual(await ask({ sourceKey: "other/acme/shop", host }), []);
      assert.deepEqual(await ask({ sourceKey: "acme/shop", host }), ["shop shop#1"]);
    });

    it("counts the values of each filter, most used first", async () => {
      const { store } = await openBoard(open);
      const facets = await store.board.facets();
      assert.deepEqual(facets.labels, [
        { name: "Bug", color: "#ff0000", issues: 2 },
        { name: "in review", color: null, issues: 1 },
        { name: "P0", color: null, issues: 1 },
      ]);
      assert.deepEqual(
        facets.assignees.map(({ login, issues }) => [login, issues]),
        [
          ["Ann", 2],
          ["ben", 2],
        ],
      );
      assert.deepEqual(facets.types, [
        { name: "issue", issues: 5 },
        { name: "Bug", issues: 1 },
      ]);
      assert.deepEqual(facets.cycles, [{ name: "Sprint 1", issues: 1 }]);
      assert.equal(await store.board.total(), 6);
    });

    it("shows relations with the mirrored data of the other issues", async () => {
      const { store, sources } = await openBoard(open);
      const relations = [
        { id: "r1", type: "blocks", targetId: "n2" },
        { id: "r2", type: "relates", targetId: "unknown" },
      ] as const;
      await store.mirror.applyPage(
        sources[0] ?? 0,
        makePage([makeIssue(8, { relations, formerKeys: ["#0"], body: "Text" })]),
      );
      const [found] = (await list(store, { q: "issue 8" })).issues;
      const detail = await store.board.detail(found?.id ?? 0);
      assert.deepEqual(detail.relations, [
        {
          ...relations[0],
          ref: "shop#2",
          address: "shop#2",
          key: "shop#2",
          url: "https://tracker.test/issues/2",
          tracker: "github",
          title: "Issue 2",
          status: "done",
          origin: "tracker",
        },
        {
          ...relations[1],
          ref: null,
          address: null,
          key: null,
          url: null,
          tracker: "github",
          title: null,
          status: null,
          origin: "tracker",
        },
      ]);
      assert.deepEqual(detail.formerKeys, ["#0"]);
      await assert.rejects(store.board.detail(987_654), { code: "not_found" });
    });

    it("resolves `me` separately for each connection", async () => {
      const { store, sources } = await openBoard(open);
      await store.mirror.applyPage(
        sources[2] ?? 0,
        makePage([makeIssue(9, { key: "MIN-9", assigneeIds: ["u-9"] })], {
          seen: { ...vocabulary, people: [{ id: "u-9", login: "ann@acme.test", name: "Ann", avatarUrl: null }] },
        }),
      );
      const mine = async (me: Readonly<Record<string, string>>) =>
        refsOf(await store.board.issues({ filter: { assignee: ["me"] }, sort: newest, limit: 9, cursor: null, me }));
      assert.deepEqual(await mine({ linear: "u-9" }), ["MIN-9"]);
      assert.deepEqual(await mine({ linear: "u-9", github: "p-ann" }), ["MIN-9", "till#4", "shop#1"]);
      assert.deepEqual(await mine({ linear: "p-ann" }), []);
      assert.deepEqual(await mine({}), []);
    });
  });
});
