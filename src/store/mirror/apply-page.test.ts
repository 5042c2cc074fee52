import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { onEachDatabase } from "../../../test/support/each-database.ts";
import { openShop, card } from "../../../test/support/shop-mirror.ts";
import { makeIssue, makePage, vocabulary } from "../../../test/support/store-fixtures.ts";

const everything = { filter: {}, sort: { key: "updated", reverse: false }, cursor: null, me: {} } as const;

describe("applyPage", () => {
  onEachDatabase(({ open, clock }) => {
    it("shows a page's issues with all data of a card", async () => {
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
        // Not placed by hand: ranked by its creation time.
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

    it("reports no change for an equal base, even with its sets in another order", async () => {
      const { store, source } = await openShop(open);
      const issue = makeIssue(1, { labelIds: ["l-bug", "l-plan"], assigneeIds: ["p-ann", "p-ben"] });
      const first = await store.mirror.applyPage(source, makePage([issue]));
      const again = { ...issue, labelIds: ["l-plan", "l-bug"], assigneeIds: ["p-ben", "p-ann"] };
      const second = await store.mirror.applyPage(source, makePage([again], { requestedAt: 20_000 }));
      const nothing = { refs: [], changed: 0, removed: 0, due: false, unknownIds: false, overtaken: false };
      assert.deepEqual(second, { sequence: first.sequence, ...nothing });
      assert.deepEqual(await store.changes.since(first.sequence), { sequence: first.sequence, refs: [] });
    });

    it("ignores a record requested before the present base, even after an equal re-read", async () => {
      const { store, source } = await openShop(open);
      await store.mirror.applyPage(source, makePage([makeIssue(1, { title: "New" })], { requestedAt: 10_000 }));
      await store.mirror.applyPage(source, makePage([makeIssue(1, { title: "New" })], { requestedAt: 30_000 }));
      const late = await store.mirror.applyPage(
        source,
        makePage([makeIssue(1, { title: "Old" })], { requestedAt: 20_000 }),
      );
      assert.deepEqual([late.changed, late.overtaken], [0, true]);
      assert.equal((await card(store, "shop#1")).title, "New");
    });

    it("uses each record's own request time if answers are stored together", async () => {
      const { store, source } = await openShop(open);
      const [one, two] = [makeIssue(1, { title: "One" }), makeIssue(2, { title: "Two" })];
      await store.mirror.applyPage(source, makePage([one, two, makeIssue(3), makeIssue(4)], { requestedAt: 20_000 }));
      const changes = [makeIssue(1, { title: "Before" }), makeIssue(2, { title: "After" })];
      const askedLater = new Map(["n2", "n4"].map((nativeId) => [nativeId, 30_000]));
      const removed = ["n3", "n4"];
      const joined = makePage(changes, { requestedAt: 10_000, askedLater, removed });
      assert.equal((await store.mirror.applyPage(source, joined)).overtaken, true);
      const shown = (await store.board.issues({ ...everything, limit: 9 })).issues;
      assert.deepEqual(shown.map(({ title }) => title).toSorted(), ["After", "Issue 3", "One"]);
      // An issue gone in the later answer is not restored by one from between the two.
      await store.mirror.applyPage(source, makePage([makeIssue(2), makeIssue(4)], { requestedAt: 25_000 }));
      const later = (await store.board.issues({ ...everything, limit: 9 })).issues;
      assert.deepEqual(later.map(({ title }) => title).toSorted(), ["After", "Issue 3", "One"]);
    });

    it("stores invisible changes without reporting them", async () => {
      const { store, source } = await openShop(open);
      await store.mirror.applyPage(source, makePage([makeIssue(1, { version: "1" })]));
      const change = await store.mirror.applyPage(source, makePage([makeIssue(1, { version: "2" })]));
      assert.deepEqual([change.changed, change.refs], [0, []]);
    });

    it("reports an unnamed word once, and shows its name when it is known", async () => {
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

    it("treats nothing as older after this machine's clock was set back", async () => {
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
      await store.mirror.applyPage(source, makePage([], { sync: { resume: null, cursor: { since: "x" } } }));
      const next = await store.sources.get(source);
      assert.deepEqual([next.sync.resume, next.sync.cursor], [null, { since: "x" }]);
    });

    it("takes from a first run's issues when the source last changed; later, every change is one of now", async () => {
      const { store, source } = await openShop(open);
      const changedAt = async () => (await store.sources.get(source)).sync.lastChangeAt;
      const at = (number: number, updatedAt: number) => makeIssue(number, { updatedAt });
      const [old, older] = [clock.now() - 3_600_000, clock.now() - 7_200_000];
      await store.mirror.applyPage(source, makePage([at(1, older), at(2, old)]));
      await store.mirror.applyPage(source, makePage([at(3, older)]));
      assert.equal(await changedAt(), old);
      await store.mirror.applyPage(source, makePage([at(4, clock.now() + 3_600_000)]));
      assert.equal(await changedAt(), clock.now(), "no later than now, if the tracker's clock is ahead");
      await store.sources.saveSync(source, { cursor: { since: "x" }, lastChangeAt: null });
      await store.mirror.applyPage(source, makePage([at(5, older)]));
      assert.equal(await changedAt(), clock.now());
    });

    it("accepts text that a database would refuse", async () => {
      const { store, source } = await openShop(open);
      const odd = makeIssue(1, { title: "a\0b \ud800 c", body: "x\0y \udfff 'quoted' \\ ￿", type: "t\0" });
      await store.mirror.applyPage(source, makePage([odd]));
      assert.equal((await card(store, "shop#1")).title, "ab � c");
      const again = await store.mirror.applyPage(source, makePage([odd]));
      assert.equal(again.changed, 0);
    });
  });
});
