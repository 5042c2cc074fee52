import assert from "node:assert/strict";
import { test } from "node:test";
import { makeIssue } from "../../../test/support/store-fixtures.ts";
import type { PullPage } from "../../trackers/tracker.ts";
import { joinPages } from "./join-pages.ts";

function page(requestedAt: number, more: Partial<PullPage>): PullPage {
  const progress = { done: requestedAt, total: null };
  return {
    changes: [],
    removed: [],
    rejected: [],
    seen: {},
    requestedAt,
    resume: { at: requestedAt },
    finished: null,
    progress,
    ...more,
  };
}

const reject = (nativeId: string | null, raw: string) => ({ nativeId, raw, reason: "odd" });

test("a single page is returned unchanged", () => {
  const alone = page(10, { changes: [makeIssue(1)] });
  assert.deepEqual(joinPages([alone]), alone);
});

test("the later page wins for a record that comes twice, changed or removed; each record keeps its page's request time", () => {
  const joined = joinPages([
    page(10, {
      changes: [makeIssue(1, { title: "Old" }), makeIssue(2), makeIssue(3)],
      removed: ["n4"],
      rejected: [reject("n5", "{5}"), reject(null, "{}")],
    }),
    page(20, {
      changes: [makeIssue(1, { title: "New" }), makeIssue(4), makeIssue(5)],
      removed: ["n2"],
      rejected: [reject(null, "{}"), reject("n6", "{6}")],
    }),
  ]);
  assert.deepEqual(
    joined.changes.map(({ nativeId, title }) => [nativeId, title]),
    [
      ["n1", "New"],
      ["n3", "Issue 3"],
      ["n4", "Issue 4"],
      ["n5", "Issue 5"],
    ],
  );
  assert.deepEqual(joined.removed, ["n2"]);
  assert.deepEqual(
    joined.rejected.map(({ raw }) => raw),
    ["{}", "{6}"],
  );
  assert.equal(joined.requestedAt, 10);
  assert.deepEqual(Object.fromEntries(joined.askedLater ?? []), { n1: 20, n2: 20, n4: 20, n5: 20 });
  assert.deepEqual([joined.resume, joined.progress.done], [{ at: 20 }, 20]);
});

test("keeps the vocabulary of all pages, in page order", () => {
  const label = (name: string) => ({ id: "l1", name, color: null });
  const joined = joinPages([
    page(10, { seen: { labels: [label("bug")] } }),
    page(20, { seen: { labels: [label("defect")], people: [] } }),
  ]);
  assert.deepEqual(joined.seen, { labels: [label("bug"), label("defect")], people: [] });
});
