import assert from "node:assert/strict";
import { test } from "node:test";
import { countEntries, historyQuery, readHistoryFilter } from "./history-counts.ts";

test("entries are counted by who made them, where, and both", () => {
  const counts = [
    { actor: "you", tracker: "jira", entries: 3 },
    { actor: "agent claude", tracker: "jira", entries: 4 },
    { actor: "agent codex", tracker: "github", entries: 5 },
    { actor: "tracker", tracker: null, entries: 6 },
  ];
  assert.equal(countEntries(counts, { kind: null, tracker: null }), 18);
  assert.equal(countEntries(counts, { kind: "agent", tracker: null }), 9);
  assert.equal(countEntries(counts, { kind: null, tracker: "jira" }), 7);
  assert.equal(countEntries(counts, { kind: "agent", tracker: "jira" }), 4);
  assert.equal(countEntries(counts, { kind: "cli", tracker: "jira" }), 0);
});

test("a filter is read from the address as it was written, and what is unknown there is nothing", () => {
  for (const filter of [
    { kind: null, tracker: null },
    { kind: "agent", tracker: null },
    { kind: "tracker", tracker: "jira" },
  ] as const) {
    assert.deepEqual(readHistoryFilter(new URLSearchParams(historyQuery(filter)).toString()), filter);
  }
  assert.deepEqual(readHistoryFilter("by=somebody&tracker=&x=1"), { kind: null, tracker: null });
});
