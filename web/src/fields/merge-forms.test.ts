import assert from "node:assert/strict";
import { test } from "node:test";
import type { SourceFormShape } from "../../../src/server/contract/change.ts";
import { mergeForms } from "./merge-forms.ts";

function form(part: Partial<SourceFormShape>): SourceFormShape {
  return {
    source: "one:app",
    project: "app",
    tracker: "one",
    writable: { allowed: true, reason: null },
    types: [],
    statuses: [],
    priorities: [],
    labels: [],
    newLabels: true,
    members: [],
    assignees: "many",
    mostAssignees: null,
    cycles: [],
    ...part,
  };
}

test("issues of several sources can be given together what each of them can have", () => {
  const ada = { login: "ada", name: "Ada", avatarUrl: null };
  const ben = { login: "ben", name: "Ben", avatarUrl: null };
  const many = form({ members: [ben, ada] });
  const one = form({ source: "one:other", members: [ada], assignees: "one", newLabels: false });
  assert.equal(mergeForms([many]).assignees, "many");
  const { members, assignees, newLabels } = mergeForms([many, one]);
  assert.deepEqual([members.map(({ login }) => login), assignees, newLabels], [["ada", "ben"], "one", false]);
});
