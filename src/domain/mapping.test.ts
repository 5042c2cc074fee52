import assert from "node:assert/strict";
import { test } from "node:test";
import { foldName } from "./fold-name.ts";
import { type Mapping, priorityOf, statusOf } from "./mapping.ts";

const mapping: Mapping = {
  statusRules: [
    { stateId: "open", label: "in review", status: "in_review", origin: "detected" },
    { stateId: "open", label: "planning", status: "planning", origin: "detected" },
    { stateId: "open", status: "backlog", origin: "detected" },
    { stateId: "closed", status: "done", origin: "detected" },
  ],
  priorityRules: [
    { label: "P0", priority: 1 },
    { nativePriority: "high", priority: 2 },
  ],
};

test("names that differ only in case, spaces, hyphens and underscores are equal", () => {
  assert.equal(foldName("In Review"), foldName("in-review"));
  assert.equal(foldName("IN_REVIEW"), foldName("inreview"));
  assert.notEqual(foldName("In Review"), foldName("In Reviewed"));
});

test("the first matching rule determines the status", () => {
  assert.equal(statusOf(mapping, { stateId: "open", labels: ["bug", "In-Review", "planning"] }), "in_review");
  assert.equal(statusOf(mapping, { stateId: "open", labels: ["Planning"] }), "planning");
  assert.equal(statusOf(mapping, { stateId: "open", labels: [] }), "backlog");
  assert.equal(statusOf(mapping, { stateId: "closed", labels: ["in review"] }), "done");
});

test("a label that merely contains the word does not match", () => {
  assert.equal(statusOf(mapping, { stateId: "open", labels: ["planning poker", "not in review"] }), "backlog");
});

test("a state without a rule maps to the backlog", () => {
  assert.equal(statusOf(mapping, { stateId: "somewhere new", labels: [] }), "backlog");
});

test("priority comes from a label or the native priority, and is 0 if no rule matches", () => {
  assert.equal(priorityOf(mapping, { nativePriority: null, labels: ["p0"] }), 1);
  assert.equal(priorityOf(mapping, { nativePriority: "high", labels: [] }), 2);
  assert.equal(priorityOf(mapping, { nativePriority: "odd", labels: ["P0 later"] }), 0);
});
