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
import type { Store } from "../store.ts";

const shop = makeSource("acme/shop");
const till = makeSource("acme/till");
const all = { filter: {}, sort: { key: "updated", reverse: true }, limit: 100, cursor: null, me: {} } as const;

async function refs(store: Store): Promise<string[]> {
  return (await store.board.issues(all)).issues.map((issue) => issue.ref);
}

describe("sources", () => {
  onEachDatabase(({ open }) => {
    it("lists configured sources in their order", async () => {
      const store = await open();
      await store.sources.reconcile([till, shop]);
      assert.deepEqual(
        (await store.sources.list()).map((row) => row.config),
        [till, shop],
      );
      await store.sources.reconcile([shop, { ...till, projectName: "Till" }]);
      assert.deepEqual(
        (await store.sources.list()).map((row) => [row.config.key, row.config.projectName]),
        [
          ["acme/shop", "Shop"],
          ["acme/till", "Till"],
        ],
      );
      await assert.rejects(store.sources.reconcile([shop, shop]), { code: "invalid_input" });
      await assert.rejects(store.sources.get(99), { code: "not_found" });
    });

    it("hides a removed source and shows it completely when it comes back", async () => {
      const store = await open();
      const [first = 0, second = 0] = await addSources(store, shop, till);
      await store.mirror.applyPage(first, makePage([makeIssue(1, { labelIds: ["l-bug"], assigneeIds: ["p-ann"] })]));
      await store.mirror.applyPage(second, makePage([makeIssue(2)]));
      const before = await store.changes.sequence();
      await store.sources.reconcile([till]);
      assert.deepEqual(await refs(store), ["till#2"]);
      assert.equal(await store.board.total(), 1);
      const facets = await store.board.facets();
      assert.deepEqual([facets.labels, facets.assignees], [[], []]);
      assert.equal(await store.changes.since(before), null, "listeners reload");
      await store.sources.reconcile([shop, till]);
      assert.deepEqual(await refs(store), ["shop#1", "till#2"]);
      assert.equal((await store.sources.get(first)).issues, 1);
    });

    it("rewrites refs when the prefix changes, in the search too", async () => {
      const store = await open();
      const [source = 0] = await addSources(store, shop);
      await store.mirror.applyPage(source, makePage([makeIssue(1), makeIssue(2)]));
      const [issue] = (await store.board.issues(all)).issues;
      await store.comments.replace(
        issue?.id ?? 0,
        [{ id: "c1", authorId: null, body: "giraffe", createdAt: 1, updatedAt: 1 }],
        {},
        5,
      );
      await store.sources.reconcile([{ ...shop, refPrefix: "store" }]);
      assert.deepEqual(await refs(store), ["store#1", "store#2"]);
      const search = async (q: string) =>
        (await store.board.issues({ ...all, filter: { q } })).issues.map((found) => found.ref);
      assert.deepEqual(await search("store#2"), ["store#2"]);
      assert.deepEqual(await search("shop#2"), []);
      assert.deepEqual(await search("giraffe"), ["store#1"]);
      const ask = { key: "#2", sourceKey: null, tracker: "github", host: null };
      assert.equal((await store.board.find({ ...ask, prefix: "STORE" })).length, 1);
      assert.equal((await store.board.find({ ...ask, prefix: "shop" })).length, 0);
    });

    it("restarts the sync when the history window grows, not when it shrinks", async () => {
      const store = await open();
      const [source = 0] = await addSources(store, { ...shop, historyMs: 1_000 });
      const cursors = async () => {
        const { sync } = await store.sources.get(source);
        return [sync.cursor, sync.resume];
      };
      const set = () => store.sources.saveSync(source, { cursor: { a: 1 }, resume: { b: 2 } });
      await set();
      await store.sources.reconcile([{ ...shop, historyMs: 500 }]);
      assert.deepEqual(await cursors(), [{ a: 1 }, { b: 2 }]);
      await store.sources.reconcile([{ ...shop, historyMs: 900 }]);
      assert.deepEqual(await cursors(), [null, null]);
      await set();
      await store.sources.reconcile([{ ...shop, historyMs: null }]);
      assert.deepEqual(await cursors(), [null, null]);
    });

    it("requests a new description when the overrides of a source change", async () => {
      const store = await open();
      const [source = 0] = await addSources(store, shop);
      assert.equal((await store.sources.get(source)).sync.describedAt, 1);
      await store.sources.reconcile([{ ...shop, stateOverrides: { planning: "label:spec" } }]);
      assert.equal((await store.sources.get(source)).sync.describedAt, null);
    });

    it("requests another description if one was requested while the source was being described", async () => {
      const store = await open();
      const [source = 0] = await addSources(store, shop);
      const describedAt = async () => (await store.sources.get(source)).sync.describedAt;
      const save = (at: number) =>
        store.sources.saveSchema(source, { info: sourceInfo, vocabulary, mapping, at, begun: true });
      for (const ask of [
        () => store.sources.saveSync(source, { describedAt: null }),
        () => store.sources.reconcile([{ ...shop, stateOverrides: { planning: "label:spec" } }]),
      ]) {
        await store.sources.beginDescribing(source);
        await ask();
        await save(2);
        assert.equal(await describedAt(), null);
        await store.sources.beginDescribing(source);
        await save(3);
        assert.equal(await describedAt(), 3);
      }
    });

    it("saves parts of the sync state and keeps the others", async () => {
      const store = await open();
      const [source = 0] = await addSources(store, shop);
      const error = { code: "auth", message: "No.", hint: null, at: 4 };
      await store.sources.saveSync(source, { error, lastSweepAt: 9 });
      await store.sources.saveSync(source, { lastCompleteAt: 10 });
      const { sync } = await store.sources.get(source);
      assert.deepEqual(
        [sync.error, sync.lastSweepAt, sync.lastCompleteAt, sync.describedAt, sync.cursor],
        [error, 9, 10, 1, null],
      );
      await store.sources.saveSync(source, { error: null });
      assert.equal((await store.sources.get(source)).sync.error, null);
    });

    it("recomputes status and priority only where a new mapping changes them", async () => {
      const store = await open();
      const [source = 0] = await addSources(store, shop);
      await store.mirror.applyPage(
        source,
        makePage([
          makeIssue(1, { labelIds: ["l-bug"] }),
          makeIssue(2),
          makeIssue(3, { stateId: "closed", parentId: "n2" }),
        ]),
      );
      const statusRules = [
        { stateId: "open", label: "bug", status: "planning", origin: "set" } as const,
        ...mapping.statusRules,
      ];
      const change = await store.sources.saveSchema(source, {
        info: sourceInfo,
        vocabulary,
        mapping: { statusRules, priorityRules: [{ label: "bug", priority: 2 }] },
        at: 5,
      });
      assert.deepEqual(change.refs, ["shop#1"]);
      const columns = await store.board.columns({ ...all, limit: 10 });
      assert.deepEqual(
        columns.map((column) => column.total),
        [1, 1, 0, 0, 1, 0],
      );
      assert.equal(columns[1]?.issues[0]?.priority, 2);
      assert.deepEqual(await store.history.list({ limit: 5 }), [], "nothing happened in the tracker");
      const same = await store.sources.saveSchema(source, {
        info: sourceInfo,
        vocabulary,
        mapping: { statusRules, priorityRules: [{ label: "bug", priority: 2 }] },
        at: 6,
      });
      assert.deepEqual(same.refs, []);
      assert.equal((await store.sources.get(source)).sync.describedAt, 6);
    });

    it("updates every card that shows a renamed word", async () => {
      const store = await open();
      const [source = 0] = await addSources(store, shop);
      await store.mirror.applyPage(
        source,
        makePage([
          makeIssue(1, { labelIds: ["l-bug"] }),
          makeIssue(2, { assigneeIds: ["p-ann"] }),
          makeIssue(3, { authorId: "p-ann", cycleId: "c-1" }),
          makeIssue(4, { stateId: "closed", nativePriority: "low" }),
          makeIssue(5),
        ]),
      );
      const rename = (part: Partial<typeof vocabulary>) =>
        store.sources.saveSchema(source, { info: sourceInfo, vocabulary: { ...vocabulary, ...part }, mapping, at: 9 });
      const renamed = async (part: Partial<typeof vocabulary>) => (await rename(part)).refs.toSorted();
      assert.deepEqual(await renamed({ labels: [{ id: "l-bug", name: "in review", color: null }] }), ["shop#1"]);
      assert.deepEqual(
        (await store.board.columns({ ...all, limit: 5 })).map((column) => column.total),
        [3, 0, 0, 1, 1, 0],
        "its new name means a status",
      );
      assert.deepEqual(await renamed({ people: [{ id: "p-ann", login: "anna", name: "A", avatarUrl: null }] }), [
        "shop#1",
        "shop#2",
        "shop#3",
      ]);
      assert.deepEqual((await store.board.columns({ ...all, filter: { assignee: ["ANNA"] }, limit: 5 }))[0]?.total, 1);
    });

    it("returns the vocabulary of a source whose people are not known", async () => {
      const store = await open();
      const [source = 0] = await addSources(store, shop);
      const words = await store.sources.vocabulary(source);
      assert.deepEqual([words.people, words.states.length, words.labels.length], [[], 3, 5]);
    });

    it("recomputes a source of many issues in one transaction", async () => {
      const store = await open();
      const [source = 0] = await addSources(store, shop);
      const many = Array.from({ length: 2_345 }, (_, index) => makeIssue(index + 1, { labelIds: ["l-bug"] }));
      await store.mirror.applyPage(source, makePage(many));
      const statusRules = mapping.statusRules.map((rule) =>
        rule.stateId === "open" && rule.label === undefined ? { ...rule, status: "in_review" as const } : rule,
      );
      const reading = store.sources.saveSchema(source, {
        info: sourceInfo,
        vocabulary,
        mapping: { ...mapping, statusRules },
        at: 3,
      });
      const totals = async () => (await store.board.columns({ ...all, limit: 1 })).map((column) => column.total);
      const meanwhile = await totals();
      assert.ok(meanwhile[0] === 2_345 || meanwhile[3] === 2_345, "all or nothing is seen");
      assert.equal((await reading).changed, 2_345);
      assert.deepEqual(await totals(), [0, 0, 0, 2_345, 0, 0]);
    });

    it("stores accounts and pauses by connection", async () => {
      const store = await open();
      await store.sources.saveAccount("github", { id: "1", login: "a", name: "A" });
      await store.sources.saveAccount("github", { id: "2", login: "b", name: "B" });
      await store.sources.reconcile([shop, makeSource("x/y", { id: "work/github:x/y", connection: "work" })]);
      assert.deepEqual(await store.sources.accounts(), { github: { id: "2", login: "b", name: "B" } });
      await store.sources.savePause("github", { until: 20, at: 10, of: "x" });
      await store.sources.savePause("work", { until: 30, at: 10, of: "y" });
      assert.deepEqual(await store.sources.pauses(), {
        github: { until: 20, at: 10, of: "x" },
        work: { until: 30, at: 10, of: "y" },
      });
    });
  });
});
