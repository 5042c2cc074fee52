import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { onEachDatabase } from "../../../test/support/each-database.ts";
import { openShop, card } from "../../../test/support/shop-mirror.ts";
import { makeIssue, makePage } from "../../../test/support/store-fixtures.ts";

describe("applyPage", () => {
  onEachDatabase(({ open, clock }) => {
    it("writes history for changes in the tracker, but not for the first import", async () => {
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

    it("names in the history what was seen before its name was known", async () => {
      const { store, source } = await openShop(open);
      await store.mirror.applyPage(source, makePage([makeIssue(1, { labelIds: ["l-bug"] })]));
      const changed = makeIssue(1, {
        labelIds: ["l-bug", "77", "7"],
        assigneeIds: ["p-ann", "8"],
        updatedAt: clock.now() - 500,
      });
      await store.mirror.applyPage(source, makePage([changed], { requestedAt: 20_000 }));
      const lines = async () =>
        (await store.history.list({ limit: 10 })).map(({ field, from, to }) => `${field}: ${from} → ${to}`).toSorted();
      assert.deepEqual(await lines(), ["assignee: null → 8, Ann", "labels: null → 7, 77"]);
      const { id } = await card(store, "shop#1");
      const seen = {
        labels: [{ id: "7", name: "theirs", color: null }],
        people: [{ id: "8", login: "newcomer", name: "New", avatarUrl: null }],
      };
      await store.comments.replace(id, [], seen, 30_000);
      assert.deepEqual(await lines(), ["assignee: null → newcomer, Ann", "labels: null → theirs, 77"]);
    });

    it("pages through history lines that share one time", async () => {
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
  });
});
