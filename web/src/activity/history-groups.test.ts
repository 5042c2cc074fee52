import assert from "node:assert/strict";
import { test } from "node:test";
import { groupByAge, type HistoryEntry } from "./history-groups.ts";

const now = new Date(2026, 10, 22, 13, 53).getTime();

function entry(at: number, changes: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    at: new Date(at).toISOString(),
    ref: "MIN-1",
    title: "Title",
    tracker: "linear",
    actor: "you",
    field: "status",
    from: "backlog",
    to: "done",
    state: "written",
    operation: null,
    ...changes,
  };
}

test("groups entries by age and gives identical entries distinct keys", () => {
  const hour = 3_600_000;
  const entries = [now - 60_000, now - 60_000, now - 2 * hour, now - 24 * hour, now - 72 * hour].map((at) => entry(at));
  const groups = groupByAge(entries, now);
  assert.deepEqual(
    groups.map(({ name, entries: own }) => [name, own.length]),
    [
      ["Last 15 minutes", 2],
      ["Earlier today", 1],
      ["Yesterday", 1],
      ["Thursday 19 November", 1],
    ],
  );
  assert.equal(new Set(groups.flatMap(({ entries: own }) => own.map(({ key }) => key))).size, 5);
});
