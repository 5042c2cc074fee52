import assert from "node:assert/strict";
import { test } from "node:test";
import { refusedAssignee } from "./assignee-room.ts";

function issue(ref: string, source: string, count: number) {
  const assignees = Array.from({ length: count }, (_, index) => ({ login: `p${index}`, name: "", avatarUrl: null }));
  return { ref, source, assignees };
}

test("nobody can be added to an issue that has as many assignees as its tracker allows", () => {
  const forms = [
    { source: "hub", mostAssignees: 10 },
    { source: "lab", mostAssignees: null },
    { source: "one", mostAssignees: 1 },
  ];
  const ask = (login: string, ...issues: ReturnType<typeof issue>[]) =>
    refusedAssignee(login, issues, forms, () => "GitHub");
  assert.equal(ask("p10", issue("app#1", "hub", 9)), undefined);
  assert.equal(ask("p10", issue("app#1", "hub", 10)), "GitHub allows 10");
  assert.equal(ask("p9", issue("app#1", "hub", 10)), undefined, "who is assigned can be unassigned");
  assert.equal(ask("p10", issue("app!1", "lab", 30)), undefined);
  assert.equal(ask("p10", issue("PROJ-1", "one", 1)), undefined, "one replaces the other");
  assert.equal(ask("p10", issue("app!1", "lab", 1), issue("app#1", "hub", 10)), "app#1 has 10 already");
});
