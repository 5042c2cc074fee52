import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { priorityOf, statusOf } from "../../domain/mapping.ts";
import type { Priority } from "../../domain/priority.ts";
import type { Status } from "../../domain/status.ts";
import { detectMapping, stateIdOf, toStates } from "./mapping.ts";

const resolutions = ["Done", "Won't Do", "Duplicate", "Cannot Reproduce", "Fixed", "Declined"].map((name, index) => ({
  id: String(10_000 + index),
  name,
}));

function status(
  name: string,
  category: string,
  resolved: string | null = null,
  overrides: Record<string, string> = {},
): Status {
  const own = { id: "1", name, category };
  const known = resolved === null || resolutions.some((one) => one.name === resolved);
  const all = known ? resolutions : [...resolutions, { id: "9", name: resolved ?? "" }];
  const states = toStates([own, { id: "2", name: "Something else", category: "new" }], all);
  const { mapping } = detectMapping({ states, resolutions: all, priorities: [], labels: [] }, overrides);
  const resolution = all.find((one) => one.name === resolved) ?? null;
  return statusOf(mapping, { stateId: stateIdOf(own, resolution), labels: [] });
}

describe("status", () => {
  const rows: [string, string, string | null, Status][] = [
    ["To Do", "new", null, "backlog"],
    ["Backlog", "new", null, "backlog"],
    ["Whatever", "undefined", null, "backlog"],
    ["Planning", "new", null, "planning"],
    ["planning", "indeterminate", null, "planning"],
    ["In Progress", "indeterminate", null, "in_progress"],
    ["Waiting on carrier", "indeterminate", null, "in_progress"],
    ["In Review", "indeterminate", null, "in_review"],
    ["in_review", "indeterminate", null, "in_review"],
    ["Review", "indeterminate", null, "in_review"],
    ["Code Review", "indeterminate", null, "in_review"],
    ["QA", "indeterminate", null, "in_review"],
    ["Testing", "indeterminate", null, "in_review"],
    ["Done", "done", null, "done"],
    ["Done", "done", "Done", "done"],
    ["Closed", "done", "Fixed", "done"],
    ["Planning", "done", "Done", "done"],
    ["Done", "done", "Won't Do", "canceled"],
    ["Done", "done", "Won’t Do", "canceled"],
    ["Closed", "done", "Duplicate", "canceled"],
    ["Resolved", "done", "Cannot Reproduce", "canceled"],
    ["Resolved", "done", "Declined", "done"],
    // A leftover resolution is ignored while the work goes on.
    ["In Progress", "indeterminate", "Won't Do", "in_progress"],
    // A part of the name is not enough, and review requires the category in progress.
    ["Reviewed", "indeterminate", null, "in_progress"],
    ["In Review", "new", null, "backlog"],
    ["Sprint Planning", "new", null, "backlog"],
    ["Done", "done", "Duplicate of another", "done"],
  ];
  for (const [name, category, resolution, expected] of rows) {
    it(`reads ${name} (${category}${resolution === null ? "" : `, ${resolution}`}) as ${expected}`, () =>
      assert.equal(status(name, category, resolution), expected));
  }

  it("uses overrides by name, including a status with its resolution", () => {
    assert.equal(status("Spec", "new", null, { planning: "spec" }), "planning");
    assert.equal(status("Closed", "done", "Declined", { canceled: "Closed (Declined)" }), "canceled");
    assert.equal(status("In Review", "indeterminate", null, { in_review: "Something else" }), "in_progress");
  });

  it("warns about a name that does not exist, with the nearest one", () => {
    const states = toStates([{ id: "1", name: "Code Review", category: "indeterminate" }], []);
    const { warnings } = detectMapping(
      { states, resolutions: [], priorities: [], labels: [] },
      { in_review: "Code Reveiw", plannning: "Code Review" },
    );
    assert.deepEqual(
      warnings.map(({ code, candidates }) => [code, candidates[0]]),
      [
        ["invalid_input", "Code Review"],
        ["invalid_input", "planning"],
      ],
    );
  });
});

describe("priority", () => {
  const read = (names: readonly string[]): Priority[] => {
    const priorities = names.map((name, index) => ({ id: String(index), name }));
    const { mapping } = detectMapping({ states: [], resolutions: [], priorities, labels: [] }, {});
    return priorities.map(({ id }) => priorityOf(mapping, { nativePriority: id, labels: [] }));
  };

  it("maps known names", () => {
    assert.deepEqual(read(["Highest", "High", "Medium", "Low", "Lowest"]), [1, 2, 3, 4, 4]);
    assert.deepEqual(read(["Blocker", "Critical", "Major", "Minor", "Trivial"]), [1, 2, 3, 4, 4]);
  });

  it("maps the order of a custom scheme", () => {
    assert.deepEqual(read(["Drop everything", "This week", "This sprint", "Some day"]), [1, 2, 3, 4]);
    assert.deepEqual(read(["Now", "Later"]), [1, 3]);
    assert.deepEqual(read(["A", "B", "C", "D", "E", "F", "G", "H"]), [1, 1, 2, 2, 3, 3, 4, 4]);
  });

  it("maps unknown names between the known ones", () => {
    assert.deepEqual(read(["Highest", "Very high", "High", "Medium", "Whenever"]), [1, 1, 2, 3, 4]);
    assert.deepEqual(read(["Medium", "Odd", "Low"]), [3, 3, 4]);
  });

  it("maps none to none", () => {
    assert.deepEqual(read(["High", "None"]), [2, 0]);
    const { mapping } = detectMapping({ states: [], resolutions: [], priorities: [], labels: [] }, {});
    assert.equal(priorityOf(mapping, { nativePriority: null, labels: [] }), 0);
  });
});
