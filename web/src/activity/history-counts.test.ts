import assert from "node:assert/strict";
import { test } from "node:test";
import { countEntries } from "./history-counts.ts";

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
