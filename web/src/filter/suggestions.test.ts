import assert from "node:assert/strict";
import { test } from "node:test";
import type { Chip } from "./board-query.ts";
import { parseDraft } from "./draft.ts";
import {
  chipLabel,
  chipProblem,
  offeredChips,
  readQuery,
  suggest,
  type Suggestion,
  type Vocabulary,
} from "./suggestions.ts";

const source = { id: "s", name: "s", project: "app", issues: 7, rejected: 0, lastSyncAt: null, error: null };
const known: Vocabulary = {
  trackers: [
    { id: "one", label: "Tracker One", sources: [source, source] },
    { id: "two", label: "Tracker Two", sources: [] },
  ],
  projects: [{ id: "app", name: "My Application" }],
  facets: {
    labels: [
      { name: "documentation", color: null, issues: 90 },
      { name: "bug", color: "#ff0000", issues: 12 },
      { name: "debug", color: null, issues: 3 },
    ],
    assignees: [{ login: "ada", name: "Ada Byron", avatarUrl: null, issues: 4 }],
    types: [{ name: "Bug", issues: 5 }],
    cycles: [],
    states: [{ name: "Code Review", status: "in_review", issues: 2 }],
  },
  facetsPending: false,
  complete: true,
};
const today = new Date("2026-11-22T12:00:00Z");

function offered(typed: string, set: readonly Chip[] = []): string[] {
  return suggest(parseDraft(typed), known, set, today).map(words);
}

function words(suggestion: Suggestion): string {
  return suggestion.kind === "key" ? `${suggestion.key}:` : `${suggestion.chip.key}:${suggestion.chip.value}`;
}

test("an empty field offers every key", () => {
  assert.equal(offered("").length, 10);
  assert.equal(offered("")[0], "tracker:");
});

test("a word offers the keys and values that begin or contain it", () => {
  assert.deepEqual(offered("ass"), ["assignee:"]);
  assert.deepEqual(offered("bug"), ["label:bug", "label:debug", "type:Bug"]);
  assert.deepEqual(offered("ada"), ["assignee:ada"]);
  assert.deepEqual(offered("review"), ["status:in_review", "state:Code Review"]);
});

test("a key offers its values, best match first, without those that are set", () => {
  assert.deepEqual(offered("label:bug"), ["label:bug", "label:debug"]);
  assert.deepEqual(offered("label:bug", [{ key: "label", value: "bug" }]), ["label:debug"]);
  assert.deepEqual(offered("assignee:"), ["assignee:me", "assignee:none", "assignee:ada"]);
  assert.deepEqual(offered("updated:")[0], "updated:>2026-11-15");
});

test("a tracker of which nothing is mirrored is not offered, but known", () => {
  assert.deepEqual(offered("tracker:"), ["tracker:one"]);
  assert.equal(chipProblem({ key: "tracker", value: "two" }, known), null);
});

test("a label that nothing carries yet can still be asked for; a status that does not exist cannot", () => {
  assert.deepEqual(offered("label:later"), ["label:later"]);
  assert.deepEqual(offered("status:later"), []);
});

test("chips are called by their names, and those that name nothing are said", () => {
  assert.equal(chipLabel({ key: "tracker", value: "one" }, known), "Tracker One");
  assert.equal(chipLabel({ key: "project", value: "app" }, known), "My Application");
  assert.equal(chipProblem({ key: "project", value: "my application" }, known), null);
  assert.equal(chipProblem({ key: "tracker", value: "three" }, known), "Unknown tracker “three”; use one, two");
});

test("nothing is called wrong before the trackers are known", () => {
  const empty: Vocabulary = { trackers: [], projects: [], facets: undefined, facetsPending: true, complete: false };
  assert.equal(chipProblem({ key: "tracker", value: "three" }, empty), null);
});

test("a condition that names nothing stays in the address and is left out of the question", () => {
  const { query, effective, problems } = readQuery("project=nowhere&label=bug&foo=1", known);
  assert.deepEqual(
    query.chips.map(({ value }) => value),
    ["nowhere", "bug"],
  );
  assert.deepEqual(effective.chips, [{ key: "label", value: "bug" }]);
  assert.equal(problems.length, 2);
});

test("dashed chips offer only what is there and not set", () => {
  assert.deepEqual(offeredChips(known, []), [
    { key: "assignee", value: "me" },
    { key: "label", value: "documentation" },
  ]);
  assert.deepEqual(offeredChips(known, [{ key: "assignee", value: "none" }]), [
    { key: "label", value: "documentation" },
  ]);
});
