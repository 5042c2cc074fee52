import assert from "node:assert/strict";
import { test } from "node:test";
import { type Chip, chipKeys } from "./board-query.ts";
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

test("an empty field suggests every key", () => {
  assert.deepEqual(
    offered(""),
    chipKeys.map((key) => `${key}:`),
  );
  assert.equal(offered("")[0], "tracker:");
});

test("a word suggests keys and values that start with or contain it", () => {
  assert.deepEqual(offered("ass"), ["assignee:"]);
  assert.deepEqual(offered("bug"), ["label:bug", "label:debug", "type:Bug"]);
  assert.deepEqual(offered("ada"), ["assignee:ada"]);
  assert.deepEqual(offered("review"), ["status:in_review", "state:Code Review"]);
});

test("a key suggests its values, best match first, without those already set", () => {
  assert.deepEqual(offered("label:bug"), ["label:bug", "label:debug"]);
  assert.deepEqual(offered("label:bug", [{ key: "label", value: "bug" }]), ["label:debug"]);
  assert.deepEqual(offered("assignee:"), ["assignee:me", "assignee:none", "assignee:ada"]);
  assert.deepEqual(offered("blocked:"), ["blocked:yes", "blocked:no"]);
  assert.deepEqual(offered("agent:w"), ["agent:waiting"]);
  assert.deepEqual(offered("agent:sleeping"), []);
  assert.deepEqual(offered("updated:")[0], "updated:>2026-11-15");
});

test("does not suggest trackers with no mirrored source, but recognises them", () => {
  assert.deepEqual(offered("tracker:"), ["tracker:one"]);
  assert.equal(chipProblem({ key: "tracker", value: "two" }, known), null);
});

test("allows a label that no issue has yet, but not an unknown status", () => {
  assert.deepEqual(offered("label:later"), ["label:later"]);
  assert.deepEqual(offered("status:later"), []);
});

test("chips show display names; invalid ones are reported", () => {
  assert.equal(chipLabel({ key: "tracker", value: "one" }, known), "Tracker One");
  assert.equal(chipLabel({ key: "project", value: "app" }, known), "My Application");
  assert.equal(chipProblem({ key: "project", value: "my application" }, known), null);
  assert.equal(chipProblem({ key: "tracker", value: "three" }, known), "Unknown tracker “three”; use one, two");
});

test("reports nothing as invalid before the trackers are loaded", () => {
  const empty: Vocabulary = { trackers: [], projects: [], facets: undefined, facetsPending: true, complete: false };
  assert.equal(chipProblem({ key: "tracker", value: "three" }, empty), null);
});

test("an invalid condition stays in the URL but is left out of the query", () => {
  const { query, effective, problems } = readQuery("project=nowhere&label=bug&foo=1", known);
  assert.deepEqual(
    query.chips.map(({ value }) => value),
    ["nowhere", "bug"],
  );
  assert.deepEqual(effective.chips, [{ key: "label", value: "bug" }]);
  assert.equal(problems.length, 2);
});

test("offers only chips that exist and are not set", () => {
  assert.deepEqual(offeredChips(known, []), [
    { key: "assignee", value: "me" },
    { key: "label", value: "documentation" },
  ]);
  assert.deepEqual(offeredChips(known, [{ key: "assignee", value: "none" }]), [
    { key: "label", value: "documentation" },
  ]);
});
