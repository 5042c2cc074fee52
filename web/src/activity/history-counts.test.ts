import assert from "node:assert/strict";
import { test } from "node:test";
import { countEntries, describeSettled, historyQuery, readHistoryFilter } from "./history-counts.ts";

test("entries are counted by who made them, where, and both", () => {
  const counts = [
    { actor: "you", tracker: "jira", state: "written", entries: 2 },
    { actor: "you", tracker: "jira", state: "pending", entries: 1 },
    { actor: "agent claude", tracker: "jira", state: "written", entries: 4 },
    { actor: "agent codex", tracker: "github", state: "dropped", entries: 5 },
    { actor: "tracker", tracker: null, state: "written", entries: 6 },
  ];
  assert.equal(countEntries(counts, { kind: null, tracker: null }), 18);
  assert.equal(countEntries(counts, { kind: "agent", tracker: null }), 9);
  assert.equal(countEntries(counts, { kind: null, tracker: "jira" }), 7);
  assert.equal(countEntries(counts, { kind: "agent", tracker: "jira" }), 4);
  assert.equal(countEntries(counts, { kind: "cli", tracker: "jira" }), 0);
  assert.equal(describeSettled(counts), "6 written, 5 given up");
  assert.equal(describeSettled(counts.slice(-1)), null, "what was changed in a tracker did not have to be written");
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
