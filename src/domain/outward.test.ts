import assert from "node:assert/strict";
import { test } from "node:test";
import type { Mapping, StatusRule } from "./mapping.ts";
import { movesTo } from "./outward.ts";

const state = (id: string, part: { readonly types?: readonly string[]; readonly place?: string } = {}) => ({
  id,
  name: id,
  category: "started",
  position: 0,
  ...part,
});
const detected = (rule: Omit<StatusRule, "origin">): StatusRule => ({ ...rule, origin: "detected" });
const set = (rule: Omit<StatusRule, "origin">): StatusRule => ({ ...rule, origin: "set" });
const mappingOf = (...statusRules: readonly StatusRule[]): Mapping => ({ statusRules, priorityRules: [] });
const ways = (mapping: Mapping, issue = { type: "issue", stateId: "todo", labels: [] as readonly string[] }) =>
  movesTo(mapping, [state("todo"), state("doing"), state("review")], issue, "in_review").map(
    ({ stateId, addLabels }) => [stateId, ...addLabels],
  );

test("the user's rules come first, then plain states, then states with a label", () => {
  const labelled = detected({ stateId: "doing", label: "in review", status: "in_review" });
  const plain = detected({ stateId: "review", status: "in_review" });
  const own = set({ stateId: "todo", label: "ready", status: "in_review" });
  assert.deepEqual(ways(mappingOf(labelled, plain, own)), [["todo", "ready"], ["review"], ["doing", "in review"]]);
});

test("leaves out moves that an earlier rule maps to another status, and duplicates", () => {
  const hidden = mappingOf(
    detected({ stateId: "review", status: "in_progress" }),
    detected({ stateId: "review", status: "in_review" }),
  );
  assert.deepEqual(ways(hidden), []);
  const twice = detected({ stateId: "review", status: "in_review" });
  assert.deepEqual(ways(mappingOf(twice, twice)), [["review"]]);
});

test("a move removes labels of other statuses and keeps a label that is already there", () => {
  const mapping = mappingOf(
    detected({ stateId: "doing", label: "planning", status: "planning" }),
    detected({ stateId: "doing", label: "in review", status: "in_review" }),
  );
  const issue = { type: "issue", stateId: "doing", labels: ["Planning", "bug", "In Review"] };
  assert.deepEqual(movesTo(mapping, [state("doing")], issue, "in_review"), [
    { stateId: "doing", addLabels: [], removeLabels: ["Planning"] },
  ]);
});
