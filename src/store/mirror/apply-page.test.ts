import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addSources, onEachDatabase } from "../../../test/support/each-database.ts";
import { makeIssue, makePage, makeSource, vocabulary } from "../../../test/support/store-fixtures.ts";
import type { Store } from "../store.ts";

const shop = makeSource("acme/shop");
const byUpdate = { key: "updated", reverse: false } as const;

async function openShop(open: () => Promise<Store>): Promise<{ store: Store; source: number }> {
  const store = await open();
  const [source = 0] = await addSources(store, shop);
  return { store, source };
}

async function list(store: Store) {
  const { issues } = await store.board.issues({ filter: {}, sort: byUpdate, limit: 100, cursor: null, me: {} });
  return issues;
}

async function card(store: Store, ref: string) {
  const found = (await list(store)).find((issue) => issue.ref === ref);
  assert.ok(found, `${ref} is on the board`);
  return found;
}

describe("applyPage", () => {
  onEachDatabase(({ open, clock }) => {
    it("shows a page's issues with everything a card says", async () => {
      const { store, source } = await openShop(open);
      const issue = makeIssue(7, {
        title: "Checkout fails",
        body: "It **fails**.",
        labelIds: ["l-progress", "l-bug"],
        assigneeIds: ["p-ben", "p-ann"],
        authorId: "p-ann",
        nativePriority: "high",
        cycleId: "c-1",
        dueDate: "2026-12-01",
        estimate: 2.5,
        commentCount: 3,
        children: { done: 1, total: 4 },
      });
      const change = await store.mirror.applyPage(source, makePage([issue]));
      assert.deepEqual(
        { changed: change.changed, removed: change.removed, refs: change.refs, unknownIds: change.unknownIds },
        { changed: 1, removed: 0, refs: ["shop#7"], unknownIds: false },
      );
      const shown = await card(store, "shop#7");
      assert.deepEqual(shown, {
        id: shown.id,
        ref: "shop#7",
        address: "shop#7",
        tracker: "github",
        connection: "github",
        project: "shop",
        projectName: "Shop",
        source: "github:acme/shop",
        sourceKey: "acme/shop",
        nativeId: "n7",
        key: "#7",
        url: "https://tracker.test/issues/7",
        type: "issue",
        title: "Checkout fails",
        status: "in_progress",
        nativeState: { id: "open", name: "Open", category: "open", position: 1 },
        priority: 2,
        nativePriority: "High",
        labels: [vocabulary.labels[0], vocabulary.labels[1]],
        assignees: [vocabulary.people[0], vocabulary.people[1]],
        author: vocabulary.people[0],
        parent: null,
        children: { done: 1, total: 4 },
        cycle: vocabulary.cycles[0],
        createdAt: 1_007,
        updatedAt: 2_007,
        closedAt: null,
        dueDate: "2026-12-01",
        estimate: 2.5,
        commentCount: 3,
        // Nobody has placed it: it stands where the time it was made puts it.
        rank: 1_007,
        blockedBy: [],
        sync: { state: "synced", reason: null, operation: null, waitsUntil: null },
        shadow: null,
        workspace: null,
        agent: null,
      });
      const detail = await store.board.detail(shown.id);
      assert.equal(detail.body, "It **fails**.");
      assert.equal(detail.sourceId, source);
      assert.equal(detail.commentsAt, null);
    });

    it("makes no news of an equal base, also with its sets in another order", async () => {
      const { store, source } = await openShop(open);
      const issue = makeIssue(1, { labelIds: ["l-bug", "l-plan"], assigneeIds: ["p-ann", "p-ben"] });
      const first = await store.mirror.applyPage(source, makePage([issue]));
      const again = { ...issue, labelIds: ["l-plan", "l-bug"], assigneeIds: ["p-ben", "p-ann"] };
      const second = await store.mirror.applyPage(source, makePage([again], { requestedAt: 20_000 }));
      assert.deepEqual(second, { sequence: first.sequence, refs: [], changed: 0, removed: 0, unknownIds: false });
      assert.deepEqual(await store.changes.since(first.sequence), { sequence: first.sequence, refs: [] });
    });

    it("ignores a record that was requested before the present base, also after an equal re-read", async () => {
      const { store, source } = await openShop(open);
      await store.mirror.applyPage(source, makePage([makeIssue(1, { title: "New" })], { requestedAt: 10_000 }));
      await store.mirror.applyPage(source, makePage([makeIssue(1, { title: "New" })], { requestedAt: 30_000 }));
      const late = await store.mirror.applyPage(
        source,
        makePage([makeIssue(1, { title: "Old" })], { requestedAt: 20_000 }),
      );
      assert.equal(late.changed, 0);
      assert.equal((await card(store, "shop#1")).title, "New");
    });

    it("keeps known relations where a list does not carry them", async () => {
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

    it("stores what is never shown without telling anybody", async () => {
      const { store, source } = await openShop(open);
      await store.mirror.applyPage(source, makePage([makeIssue(1, { version: "1" })]));
      const change = await store.mirror.applyPage(source, makePage([makeIssue(1, { version: "2" })]));
      assert.deepEqual([change.changed, change.refs], [0, []]);
    });

    it("writes history for what changed in the tracker, none for the first import", async () => {
      const { store, source } = await openShop(open);
      await store.mirror.applyPage(source, makePage([makeIssue(1, { assigneeIds: ["p-ann"] })]));
      assert.deepEqual(await store.history.list({ limit: 10 }), []);
      const at = clock.now() - 500;
      const changed = makeIssue(1, {
        title: "Better title",
        stateId: "closed",
        body: "Another text",
        labelIds: ["l-urgent", "l-bug"],
        cycleId: "c-1",
        dueDate: "2026-11-22",
        assigneeIds: ["p-ben", "p-ann"],
        updatedAt: at,
      });
      await store.mirror.applyPage(source, makePage([changed], { requestedAt: 20_000 }));
      const lines = await store.history.list({ limit: 10 });
      assert.deepEqual(lines.map(({ field, from, to }) => `${field}: ${from} → ${to}`).toSorted(), [
        "assignee: Ann → Ann, ben",
        "body: null → null",
        "cycle: null → Sprint 1",
        "due date: null → 2026-11-22",
        "labels: null → Bug",
        "priority: 0 → 1",
        "status: backlog → done",
        "title: Issue 1 → Better title",
      ]);
      assert.ok(lines.every((line) => line.at === at && line.actor === "tracker" && line.ref === "shop#1"));
      const id = (await card(store, "shop#1")).id;
      assert.equal((await store.history.list({ issueId: id, limit: 10 })).length, 8);
      assert.equal((await store.history.list({ issueId: id + 1, limit: 10 })).length, 0);
      assert.deepEqual(await store.history.counts(at), [
        { actor: "tracker", tracker: "github", state: "written", entries: 8 },
      ]);
      assert.deepEqual(await store.history.counts(at + 1), []);
    });

    it("pages history past lines that share one time", async () => {
      const { store, source } = await openShop(open);
      const issues = Array.from({ length: 9 }, (_, index) => makeIssue(index));
      await store.mirror.applyPage(source, makePage(issues));
      const closed = issues.map((issue) => ({ ...issue, stateId: "closed", updatedAt: 5_000 }));
      await store.mirror.applyPage(source, makePage(closed));
      const seen: string[] = [];
      let last: { at: number; id: number } | undefined;
      for (;;) {
        const page = await store.history.list({ limit: 4, ...(last ? { before: last.at, beforeId: last.id } : {}) });
        seen.push(...page.map((line) => line.ref));
        last = page.at(-1);
        if (!last) break;
      }
      assert.deepEqual(seen.toSorted(), issues.map((issue) => `shop${issue.key}`).toSorted());
    });

    it("takes away what the tracker reports as gone, and does not let an older answer bring it back", async () => {
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
      assert.deepEqual([line?.ref, line?.field], ["shop#1", "gone"]);
      assert.deepEqual(await store.history.counts(0), [
        { actor: "tracker", tracker: null, state: "written", entries: 1 },
      ]);
      await store.mirror.applyPage(source, makePage([issue], { requestedAt: 25_000 }));
      assert.equal((await store.board.total()) === 2, true, "a newer answer does");
      await store.mirror.applyPage(source, makePage([], { removed: ["n1"], requestedAt: 24_000 }));
      assert.equal(await store.board.total(), 2);
      assert.deepEqual(await store.check(), []);
    });

    it("moves an issue between sources of one connection and keeps its number", async () => {
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

    it("says when something unnamed turns up, once, and shows its name when it is known", async () => {
      const { store, source } = await openShop(open);
      const issue = makeIssue(1, { labelIds: ["l-new"], assigneeIds: ["p-new"] });
      const first = await store.mirror.applyPage(source, makePage([issue], { seen: {} }));
      assert.equal(first.unknownIds, true);
      const unnamed = await card(store, "shop#1");
      assert.deepEqual([unnamed.labels[0]?.name, unnamed.assignees[0]?.login], ["l-new", "p-new"]);
      const second = await store.mirror.applyPage(source, makePage([{ ...issue, title: "Again" }], { seen: {} }));
      assert.equal(second.unknownIds, false);
      const named = await store.mirror.applyPage(
        source,
        makePage([], {
          seen: {
            labels: [{ id: "l-new", name: "Planning", color: null }],
            people: [{ id: "p-new", login: "cleo", name: "Cleo", avatarUrl: null }],
          },
        }),
      );
      assert.deepEqual(named.refs, ["shop#1"]);
      const shown = await card(store, "shop#1");
      assert.deepEqual([shown.labels[0]?.name, shown.assignees[0]?.login], ["Planning", "cleo"]);
      assert.equal(shown.status, "planning", "a label's name can mean a status");
    });

    it("takes nothing for older because this machine's clock was set back", async () => {
      const { store, source } = await openShop(open);
      const requestedAt = clock.now();
      const tomorrow = requestedAt + 86_400_000;
      await store.mirror.applyPage(source, makePage([makeIssue(1, { title: "Before" })], { requestedAt: tomorrow }));
      const page = makePage([makeIssue(1, { title: "After" })], { requestedAt });
      await store.mirror.applyPage(source, page);
      assert.equal((await card(store, "shop#1")).title, "Before", "the answer counts as the older one");
      await store.mirror.clockSetBack();
      await store.mirror.applyPage(source, page);
      assert.equal((await card(store, "shop#1")).title, "After");
    });

    it("keeps rejected records until the issue parses", async () => {
      const { store, source } = await openShop(open);
      const rejected = [
        { nativeId: "n1", raw: '{"id":1}', reason: "title is missing" },
        { nativeId: null, raw: "{}\0", reason: "id is missing" },
      ];
      await store.mirror.applyPage(source, makePage([], { rejected }));
      await store.mirror.applyPage(source, makePage([], { rejected }));
      assert.equal((await store.sources.get(source)).rejected, 2);
      await store.mirror.applyPage(source, makePage([makeIssue(1)]));
      assert.equal((await store.sources.get(source)).rejected, 1);
    });

    it("stores the sync state with the page", async () => {
      const { store, source } = await openShop(open);
      const sync = { resume: { page: 2 }, outside: { count: 5, reason: "older than 90 days" } };
      await store.mirror.applyPage(source, makePage([makeIssue(1)], { sync }));
      const row = await store.sources.get(source);
      assert.deepEqual([row.sync.resume, row.sync.outside, row.issues], [sync.resume, sync.outside, 1]);
      assert.equal(row.sync.lastChangeAt, clock.now());
      await store.mirror.applyPage(source, makePage([], { sync: { resume: null, cursor: { since: "x" } } }));
      const next = await store.sources.get(source);
      assert.deepEqual([next.sync.resume, next.sync.cursor], [null, { since: "x" }]);
    });

    it("tells about the cards that show something of a changed issue", async () => {
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

    it("names issues that are not mirrored as far as the tracker did with others, until they are", async () => {
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

    it("finds a parent by a key that names its source itself, and no other source's", async () => {
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

    it("takes text that a database would refuse", async () => {
      const { store, source } = await openShop(open);
      const odd = makeIssue(1, { title: "a\0b \ud800 c", body: "x\0y \udfff 'quoted' \\ ￿", type: "t\0" });
      await store.mirror.applyPage(source, makePage([odd]));
      assert.equal((await card(store, "shop#1")).title, "ab � c");
      const again = await store.mirror.applyPage(source, makePage([odd]));
      assert.equal(again.changed, 0);
    });
  });
});
