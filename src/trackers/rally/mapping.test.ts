import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { priorityOf, statusOf } from "../../domain/mapping.ts";
import type { Priority } from "../../domain/priority.ts";
import type { Status } from "../../domain/status.ts";
import { detectMapping, toPriorities } from "./mapping.ts";
import { toStates, type Workflow } from "./states.ts";
import type { ArtifactType } from "./workflow.ts";

const columns = [
  ["Idea", "Idea"],
  ["Defined", "Defined"],
  ["Planning", "Defined"],
  ["In-Progress", "In-Progress"],
  ["Code Review", "Completed"],
  ["Accepted", "Accepted"],
  ["Released", "Released"],
] as const;

const type = (kind: ArtifactType["kind"], name: string, states: readonly string[] = []): ArtifactType => ({
  kind,
  name,
  path: name.toLowerCase(),
  oid: "1",
  label: name,
  isCreatable: true,
  level: kind === "portfolio" ? 0 : null,
  states: states.map((Name, index) => ({ Name, ObjectID: 900 + index, OrderIndex: index })),
});

const workflow: Workflow = {
  scheduleStates: ["Idea", "Defined", "In-Progress", "Completed", "Accepted", "Released"],
  defectStates: ["Submitted", "Open", "Fixed", "Closed"],
  taskStates: ["Defined", "In-Progress", "Completed"],
  flowStates: columns.map(([Name, ScheduleStateMapping], index) => ({
    Name,
    ScheduleStateMapping,
    ObjectID: 100 + index,
    OrderIndex: index,
  })),
  types: [
    type("story", "HierarchicalRequirement"),
    type("defect", "Defect"),
    type("task", "Task"),
    type("portfolio", "PortfolioItem/Feature", ["Discovering", "Developing", "Done"]),
  ],
};

const tags = (names: readonly string[]) => names.map((name, index) => ({ id: String(index), name, color: null }));

/** The status of items in the state with this name. */
function statusIn(
  stateName: string,
  kind: string,
  own: readonly string[] = [],
  flow: Workflow = workflow,
  overrides = {},
): Status {
  const states = toStates(flow);
  const state = states.find((one) => one.name === stateName && one.kind === kind);
  assert.ok(state, `${stateName} of ${states.map(({ name }) => name).join(", ")}`);
  const { mapping } = detectMapping(states, tags(own), [], overrides);
  return statusOf(mapping, { stateId: state.id, labels: own });
}

describe("status, as in the product's table", () => {
  const rows: [kind: string, state: string, tags: string[], Status][] = [
    // Stories: by schedule state; a workspace's own states by their position.
    ["story", "Idea", [], "backlog"],
    ["story", "Defined", [], "backlog"],
    ["story", "Planning", [], "planning"],
    ["story", "In-Progress", [], "in_progress"],
    ["story", "Code Review", [], "in_review"],
    ["story", "Accepted", [], "done"],
    ["story", "Released", [], "done"],
    ["story", "Accepted", ["Canceled"], "canceled"],
    ["story", "Defined", ["canceled"], "canceled"],
    // If a team has a column for it, the tag is ignored.
    ["story", "Defined", ["Planning"], "backlog"],
    ["story", "In-Progress", ["In Review"], "in_progress"],
    // Defects: their own state first, then the progress of the work.
    ["defect", "Submitted (Idea)", [], "backlog"],
    ["defect", "Submitted (Defined)", [], "backlog"],
    ["defect", "Open (Defined)", [], "backlog"],
    ["defect", "Open (Planning)", [], "planning"],
    ["defect", "Open (In-Progress)", [], "in_progress"],
    ["defect", "Open (Code Review)", [], "in_review"],
    ["defect", "Fixed (In-Progress)", [], "in_review"],
    ["defect", "Fixed (Accepted)", [], "in_review"],
    ["defect", "Open (Accepted)", [], "in_review"],
    ["defect", "Closed (Accepted)", [], "done"],
    ["defect", "Closed (Defined)", [], "done"],
    ["defect", "Closed (Accepted)", ["CANCELED"], "canceled"],
    // Tasks have three states; tags express the rest.
    ["task", "Defined", [], "backlog"],
    ["task", "Defined", ["planning"], "planning"],
    ["task", "In-Progress", [], "in_progress"],
    ["task", "In-Progress", ["in-review"], "in_review"],
    ["task", "Completed", [], "done"],
    ["task", "Completed", ["Canceled"], "canceled"],
    ["portfolio", "No state (PortfolioItem/Feature)", [], "backlog"],
    ["portfolio", "Discovering", [], "backlog"],
    ["portfolio", "Discovering", ["Planning"], "planning"],
    ["portfolio", "Developing", [], "in_progress"],
    ["portfolio", "Developing", ["In Review"], "in_review"],
    ["portfolio", "Done", [], "done"],
    ["portfolio", "Done", ["Canceled"], "canceled"],
    // A part of the name is not enough.
    ["task", "Defined", ["planning poker"], "backlog"],
    ["story", "Accepted", ["not canceled"], "done"],
  ];
  for (const [kind, state, own, expected] of rows) {
    it(`reads ${kind} ${state} ${own.join(" + ")} as ${expected}`, () => {
      assert.equal(statusIn(state, kind, own), expected);
    });
  }

  it("reads a workspace's own schedule states by their position, also without columns", () => {
    const own: Workflow = {
      ...workflow,
      flowStates: [],
      scheduleStates: ["Wish", "Defined", "In-Progress", "In Test", "Completed", "Demo", "Accepted", "Live"],
    };
    const found = own.scheduleStates.map((state) => statusIn(state, "story", [], own));
    assert.deepEqual(found, [
      "backlog",
      "backlog",
      "in_progress",
      "in_progress",
      "in_review",
      "in_review",
      "done",
      "done",
    ]);
  });

  it("reads a workspace's own portfolio columns: the last is done, those between are in progress", () => {
    const own: Workflow = {
      ...workflow,
      types: [type("portfolio", "PortfolioItem/Epic", ["Funnel", "Build", "Measure", "Live"])],
    };
    assert.deepEqual(
      ["Funnel", "Build", "Measure", "Live"].map((state) => statusIn(state, "portfolio", [], own)),
      ["backlog", "in_progress", "in_progress", "done"],
    );
  });

  it("reads a tag if no column is called Planning", () => {
    const own: Workflow = { ...workflow, flowStates: workflow.flowStates.filter(({ Name }) => Name !== "Planning") };
    assert.equal(statusIn("Defined", "story", ["Planning"], own), "planning");
    assert.equal(statusIn("Submitted (Defined)", "defect", ["Planning"], own), "planning");
  });

  it("keeps a state's id when its column is renamed, and distinguishes the columns of child projects", () => {
    const ids = (flow: Workflow) => toStates(flow).map(({ id }) => id);
    const renamed = { ...workflow, flowStates: workflow.flowStates.map((one) => ({ ...one, Name: `${one.Name}!` })) };
    assert.deepEqual(ids(renamed), ids(workflow));
    assert.equal(new Set(ids(workflow)).size, ids(workflow).length);
  });

  it("uses overrides by the column's name, and warns about names that do not exist", () => {
    assert.equal(statusIn("Code Review", "story", [], workflow, { done: "code review" }), "done");
    assert.equal(statusIn("Planning", "story", [], workflow, { planning: "Idea" }), "backlog");
    assert.equal(statusIn("Idea", "story", [], workflow, { planning: "idea" }), "planning");
    assert.equal(statusIn("In-Progress", "task", ["waits"], workflow, { in_review: "label:waits" }), "in_review");
    const { warnings } = detectMapping(toStates(workflow), [], [], { done: "Acepted" });
    assert.equal(warnings[0]?.candidates[0], "Accepted");
  });
});

describe("priority, by the order of the allowed values", () => {
  const usual = ["None", "Resolve Immediately", "High Attention", "Normal", "Low"];
  const rows: [words: string[], word: string, Priority][] = [
    [usual, "Resolve Immediately", 1],
    [usual, "High Attention", 2],
    [usual, "Normal", 3],
    [usual, "Low", 4],
    [usual, "None", 0],
    [usual, "Whatever", 0],
    [["Now", "Later"], "Now", 1],
    [["Now", "Later"], "Later", 4],
    [["A", "B", "C", "D", "E", "F", "G"], "D", 3],
    [["Only"], "Only", 1],
  ];
  for (const [words, word, expected] of rows) {
    it(`reads ${word} of ${words.join(", ")} as ${expected}`, () => {
      const { mapping } = detectMapping(toStates(workflow), [], toPriorities(words), {});
      assert.equal(priorityOf(mapping, { nativePriority: word, labels: [] }), expected);
    });
  }

  it("reads no priority for types without one", () => {
    const { mapping } = detectMapping(toStates(workflow), [], toPriorities(usual), {});
    assert.equal(priorityOf(mapping, { nativePriority: null, labels: [] }), 0);
  });
});
