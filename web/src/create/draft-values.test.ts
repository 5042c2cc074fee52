import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProjectShape } from "../../../src/server/contract/project.ts";
import type { SourceFormShape } from "../../../src/server/contract/change.ts";
import { choosePlace, draftProblems, emptyValues, parseValues, shownPlace, toDraft, typeOf } from "./draft-values.ts";

const all = ["title", "body", "state", "priority", "labels", "assignees", "parent", "cycle", "dueDate", "estimate"];

function form(changes: Partial<SourceFormShape> = {}): SourceFormShape {
  return {
    source: "one:app",
    project: "app",
    tracker: "one",
    writable: { allowed: true, reason: null },
    types: [
      { name: "Sub-task", creatable: true, needsParent: true, has: all, fields: [] },
      { name: "Epic", creatable: false, needsParent: false, has: all, fields: [] },
      {
        name: "Bug",
        creatable: true,
        needsParent: false,
        has: ["title", "body", "state", "labels"],
        fields: [{ id: "found", name: "Found in", kind: "choice", required: true, options: [{ id: "p", name: "P" }] }],
      },
    ],
    statuses: [],
    priorities: [{ priority: 1, native: "Urgent" }],
    labels: [{ name: "bug", color: null }],
    newLabels: false,
    members: [
      { login: "ada", name: "Ada", avatarUrl: null },
      { login: "ben", name: "Ben", avatarUrl: null },
    ],
    assignees: "many",
    mostAssignees: null,
    cycles: [],
    ...changes,
  };
}

test("uses the chosen type, otherwise the first that needs no parent", () => {
  assert.equal(typeOf(form(), null)?.name, "Bug");
  assert.equal(typeOf(form(), "subtask")?.name, "Sub-task");
  assert.equal(typeOf(form(), "Epic")?.name, "Bug");
});

test("names missing required fields", () => {
  const type = typeOf(form(), "Bug");
  const missing = (...draft: Parameters<typeof draftProblems>) => [...draftProblems(...draft).keys()];
  assert.deepEqual(missing(emptyValues, type), ["title", "found"]);
  assert.deepEqual(missing({ ...emptyValues, title: "T", fields: { found: "p" } }, type), []);
  assert.deepEqual(missing({ ...emptyValues, title: "T" }, typeOf(form(), "Sub-task")), ["parent"]);
});

test("names an estimate that is no number, where the type has one", () => {
  const typed = {
    ...emptyValues,
    title: "T",
    fields: { found: "p" },
    parent: { address: "1", ref: "A-1", tracker: "one" },
  };
  const problem = (estimate: string, type: string) =>
    draftProblems({ ...typed, estimate }, typeOf(form(), type)).get("estimate");
  for (const wrong of ["two", "-1", "1e999", "3 points"])
    assert.match(problem(wrong, "Sub-task") ?? "", /number/, wrong);
  for (const right of ["", " ", "0", "1,5", "2.5"]) assert.equal(problem(right, "Sub-task"), undefined, right);
  assert.equal(problem("two", "Bug"), undefined);
});

test("sends only what the source and the type support", () => {
  const values = {
    ...emptyValues,
    title: " A title ",
    type: "Bug",
    priority: 1 as const,
    labels: ["Bug", "unknown"],
    assignees: ["ada"],
    estimate: "3",
    fields: { found: "p", other: "x" },
  };
  assert.deepEqual(toDraft(values, form()), {
    project: "app",
    source: "one:app",
    title: "A title",
    body: "",
    status: "backlog",
    type: "Bug",
    labels: ["Bug"],
    fields: { found: "p" },
  });
  const sub = toDraft({ ...values, type: "Sub-task" }, form({ newLabels: true }));
  assert.deepEqual([sub.priority, sub.labels, sub.assignees, sub.estimate], [1, ["Bug", "unknown"], ["ada"], 3]);
});

test("sends one assignee to a source that takes one, also if more were chosen for another", () => {
  const values = { ...emptyValues, type: "Sub-task", assignees: ["ada", "gone", "ben", "me"] };
  assert.deepEqual(toDraft(values, form()).assignees, ["ada", "ben", "me"]);
  assert.deepEqual(toDraft({ ...values, assignees: ["ada", "ben", "gone"] }, form({ assignees: "one" })).assignees, [
    "ben",
  ]);
});

test("restores a stored draft as far as it is valid", () => {
  const kept = JSON.stringify({ title: "T", status: "nowhere", labels: "no list", type: "Bug", unknown: 1 });
  assert.deepEqual(parseValues(kept), { title: "T", type: "Bug" });
  assert.deepEqual(parseValues("{"), {});
});

test("a new issue is for the chosen place, otherwise for the one that the page shows, otherwise for the first", () => {
  const source = (id: string, tracker: string) => ({ id, tracker, connection: tracker, key: id });
  const project = (id: string, ...sources: readonly ReturnType<typeof source>[]) =>
    ({ id, name: id, sources }) as unknown as ProjectShape;
  const projects = [
    project("empty"),
    project("app", source("app-one", "one"), source("app-two", "two")),
    project("site", source("site-one", "one"), source("site-three", "three")),
  ];
  const placeOf = (search: string, chosen: Partial<typeof emptyValues> = {}) =>
    choosePlace(projects, { ...emptyValues, ...chosen }, shownPlace(search)).source?.id;
  assert.equal(placeOf(""), "app-one");
  assert.equal(placeOf("?project=site"), "site-one");
  assert.equal(placeOf("?project=site&tracker=three&label=bug"), "site-three");
  assert.equal(placeOf("?tracker=three"), "site-three", "the first project that uses the tracker");
  assert.equal(placeOf("?project=app&tracker=three"), "app-one", "the project does not use the tracker");
  assert.equal(placeOf("?project=app,site&tracker=two"), "app-two");
  assert.equal(placeOf("?project=empty"), "app-one", "nothing can be created there");
  assert.equal(placeOf("?project=gone"), "app-one");
  assert.equal(placeOf("?project=site", { project: "app", source: "app-two" }), "app-two");
});
