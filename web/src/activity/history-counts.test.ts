import assert from "node:assert/strict";
import { test } from "node:test";
import { countEntries, describeSettled, everything, historyQuery, readHistoryFilter } from "./history-counts.ts";

test("counts entries by actor, by tracker, and by both", () => {
  const counts = [
    { actor: "you", tracker: "jira", state: "written", entries: 2 },
    { actor: "you", tracker: "jira", state: "pending", entries: 1 },
    { actor: "agent claude", tracker: "jira", state: "written", entries: 4 },
    { actor: "agent codex", tracker: "github", state: "dropped", entries: 5 },
    { actor: "tracker", tracker: null, state: "written", entries: 6 },
  ];
  assert.equal(countEntries(counts, everything), 18);
  assert.equal(countEntries(counts, { ...everything, kind: "agent" }), 9);
  assert.equal(countEntries(counts, { ...everything, tracker: "jira" }), 7);
  assert.equal(countEntries(counts, { ...everything, kind: "agent", tracker: "jira" }), 4);
  assert.equal(countEntries(counts, { ...everything, kind: "cli", tracker: "jira" }), 0);
  assert.equal(countEntries(counts, { ...everything, settled: true }), 11);
  assert.equal(describeSettled(counts), "6 written, 5 dropped");
  assert.equal(describeSettled(counts.slice(-1)), null, "what was changed in a tracker did not have to be written");
});

test("a filter survives the round trip through the URL; unknown values are ignored", () => {
  for (const filter of [
    everything,
    { ...everything, kind: "agent" },
    { kind: "tracker", tracker: "jira", settled: true },
  ] as const) {
    assert.deepEqual(readHistoryFilter(new URLSearchParams(historyQuery(filter)).toString()), filter);
  }
  assert.deepEqual(readHistoryFilter("by=somebody&tracker=&settled=1&x=1"), everything);
});
