import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { priorityOf, statusOf } from "../../domain/mapping.ts";
import { type Move, movesTo } from "../../domain/outward.ts";
import type { Priority } from "../../domain/priority.ts";
import type { Status } from "../../domain/status.ts";
import { detectMapping, githubStates } from "./mapping.ts";

const labels = (...names: string[]) => names.map((name, index) => ({ id: String(index), name, color: null }));
const status = (stateId: string, own: string[], repository: string[] = own, overrides = {}) =>
  statusOf(detectMapping(labels(...repository), overrides).mapping, { stateId, labels: own });

describe("status", () => {
  const rows: [string, string[], Status][] = [
    ["open", [], "backlog"],
    ["open", ["bug"], "backlog"],
    ["open", ["planning"], "planning"],
    ["open", ["In Progress"], "in_progress"],
    ["open", ["in-progress"], "in_progress"],
    ["open", ["IN_REVIEW"], "in_review"],
    ["open", ["planning", "in progress", "in review"], "in_review"],
    ["closed:completed", [], "done"],
    ["closed:completed", ["in progress"], "done"],
    ["closed:not_planned", [], "canceled"],
    ["closed:duplicate", [], "canceled"],
    // A part of the name is not enough.
    ["open", ["not in review"], "backlog"],
    ["open", ["planning-poker"], "backlog"],
  ];
  for (const [state, own, expected] of rows) {
    it(`reads ${state} ${own.join(" + ")} as ${expected}`, () => assert.equal(status(state, own), expected));
  }

  it("finds a label that the repository got later", () => {
    assert.equal(status("open", ["in progress"], []), "in_progress");
  });

  it("uses an override instead of the detected label", () => {
    const overrides = { planning: "label:spec", in_review: "label:in review" };
    assert.equal(status("open", ["Spec"], ["Spec", "planning", "in review"], overrides), "planning");
    assert.equal(status("open", ["planning"], ["Spec", "planning", "in review"], overrides), "backlog");
    assert.equal(status("open", ["in review"], ["Spec", "planning", "in review"], overrides), "in_review");
    assert.equal(status("closed:completed", ["wontfix"], ["wontfix"], { canceled: "label:wontfix" }), "canceled");
    assert.equal(status("closed:not_planned", [], [], { done: "not planned" }), "done");
  });

  it("warns about a label and a state that do not exist", () => {
    const { warnings } = detectMapping(labels("planning"), { planning: "label:planing", done: "closed:compleated" });
    assert.deepEqual(
      warnings.map((warning) => [warning.code, warning.candidates[0]]),
      [
        ["invalid_input", "planning"],
        ["invalid_input", "Closed as completed"],
      ],
    );
  });
});

describe("writing a status", () => {
  const own = labels("planning", "In Progress", "bug");
  const { mapping } = detectMapping(own, {});
  const move = (stateId: string, names: string[], to: Status) =>
    movesTo(mapping, githubStates, { type: "issue", stateId, labels: names }, to)[0];
  const rows: [string, string[], Status, Move][] = [
    ["open", ["bug"], "planning", { stateId: "open", addLabels: ["planning"], removeLabels: [] }],
    ["open", ["planning"], "in_progress", { stateId: "open", addLabels: ["In Progress"], removeLabels: ["planning"] }],
    // A label that does not exist yet is created with the status's name.
    [
      "open",
      ["In Progress"],
      "in_review",
      { stateId: "open", addLabels: ["in review"], removeLabels: ["In Progress"] },
    ],
    ["open", ["In Progress", "bug"], "backlog", { stateId: "open", addLabels: [], removeLabels: ["In Progress"] }],
    ["open", ["in review"], "done", { stateId: "closed:completed", addLabels: [], removeLabels: ["in review"] }],
    ["open", [], "canceled", { stateId: "closed:not_planned", addLabels: [], removeLabels: [] }],
    ["closed:completed", [], "canceled", { stateId: "closed:not_planned", addLabels: [], removeLabels: [] }],
    ["closed:duplicate", [], "in_progress", { stateId: "open", addLabels: ["In Progress"], removeLabels: [] }],
    ["closed:completed", ["planning"], "planning", { stateId: "open", addLabels: [], removeLabels: [] }],
  ];
  for (const [stateId, names, to, expected] of rows) {
    it(`moves from ${stateId} ${names.join(" + ")} to ${to}`, () =>
      assert.deepEqual(move(stateId, names, to), expected));
  }

  it("never closes an issue as a duplicate", () => {
    const ways = movesTo(mapping, githubStates, { type: "issue", stateId: "open", labels: [] }, "canceled");
    assert.deepEqual(
      ways.map(({ stateId }) => stateId),
      ["closed:not_planned"],
    );
  });
});

describe("priority", () => {
  const rows: [string, Priority][] = [
    ["P0", 1],
    ["p1", 2],
    ["P2", 3],
    ["P3", 4],
    ["P4", 0],
    ["priority: high", 2],
    ["Priority: Critical", 1],
    ["priority/medium", 3],
    ["high priority", 2],
    ["low-priority", 4],
    ["priority::1", 1],
    ["priority::4", 4],
    ["highlight", 0],
    ["no priority", 0],
  ];
  for (const [label, expected] of rows) {
    it(`reads ${label} as ${expected}`, () => {
      const { mapping } = detectMapping(labels("bug", label), {});
      assert.equal(priorityOf(mapping, { nativePriority: null, labels: ["bug", label] }), expected);
    });
  }

  it("uses the most urgent of several", () => {
    const { mapping } = detectMapping(labels("P3", "P0", "P1"), {});
    assert.equal(priorityOf(mapping, { nativePriority: null, labels: ["P3", "P1", "P0"] }), 1);
  });
});
