import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { priorityOf, statusOf } from "../../domain/mapping.ts";
import type { Priority } from "../../domain/priority.ts";
import type { Status } from "../../domain/status.ts";
import { detectMapping } from "./mapping.ts";

const labels = (...names: string[]) => names.map((name, index) => ({ id: String(index), name, color: null }));
const status = (stateId: string, own: string[], project: string[] = own, overrides = {}) =>
  statusOf(detectMapping(labels(...project), overrides).mapping, { stateId, labels: own });

describe("status", () => {
  const rows: [string, string[], Status][] = [
    ["opened", [], "backlog"],
    ["opened", ["bug"], "backlog"],
    ["opened", ["workflow::planning"], "planning"],
    ["opened", ["planning"], "planning"],
    ["opened", ["workflow::in progress"], "in_progress"],
    ["opened", ["Workflow::In-Progress"], "in_progress"],
    ["opened", ["workflow::in review"], "in_review"],
    ["opened", ["workflow::in_review"], "in_review"],
    ["opened", ["planning", "workflow::in progress"], "in_progress"],
    ["closed", [], "done"],
    ["closed", ["workflow::in progress"], "done"],
    ["closed", ["canceled"], "canceled"],
    ["closed", ["Duplicate"], "canceled"],
    // Neither a part of the name nor a label of the other state is enough.
    ["opened", ["canceled"], "backlog"],
    ["opened", ["workflow::in review later"], "backlog"],
    ["opened", ["planning-poker"], "backlog"],
    ["closed", ["possible duplicate"], "done"],
  ];
  for (const [state, own, expected] of rows) {
    it(`reads ${state} ${own.join(" + ")} as ${expected}`, () => assert.equal(status(state, own), expected));
  }

  it("finds a label that the project got later", () => {
    assert.equal(status("opened", ["workflow::in progress"], []), "in_progress");
  });

  it("uses overrides instead of the detected labels", () => {
    const overrides = { planning: "label:spec", in_progress: "label:Doing", canceled: "label:wontfix" };
    const project = ["Spec", "Doing", "planning", "wontfix"];
    assert.equal(status("opened", ["Spec"], project, overrides), "planning");
    assert.equal(status("opened", ["planning"], project, overrides), "backlog");
    assert.equal(status("opened", ["doing"], project, overrides), "in_progress");
    assert.equal(status("closed", ["wontfix"], project, overrides), "canceled");
    assert.equal(status("closed", ["duplicate"], project, overrides), "done");
    assert.equal(status("opened", [], [], { planning: "opened" }), "planning");
  });

  it("warns about a label and a state that do not exist", () => {
    const { warnings } = detectMapping(labels("planning"), { planning: "label:planing", done: "close" });
    assert.deepEqual(
      warnings.map((warning) => [warning.code, warning.candidates[0]]),
      [
        ["invalid_input", "planning"],
        ["invalid_input", "Closed"],
      ],
    );
  });
});

describe("priority", () => {
  const rows: [string, Priority][] = [
    ["priority::1", 1],
    ["priority::2", 2],
    ["priority::3", 3],
    ["priority::4", 4],
    ["Priority::High", 2],
    ["priority::p1", 2],
    ["P0", 1],
    ["p1", 2],
    ["P3", 4],
    ["priority: critical", 1],
    ["priority/medium", 3],
    ["low priority", 4],
    ["priority::5", 0],
    ["severity::1", 0],
    ["highlight", 0],
  ];
  for (const [label, expected] of rows) {
    it(`reads ${label} as ${expected}`, () => {
      const { mapping } = detectMapping(labels("bug", label), {});
      assert.equal(priorityOf(mapping, { nativePriority: null, labels: ["bug", label] }), expected);
    });
  }

  it("uses the most urgent of several", () => {
    const { mapping } = detectMapping(labels("priority::4", "priority::1", "P1"), {});
    assert.equal(priorityOf(mapping, { nativePriority: null, labels: ["priority::4", "P1", "priority::1"] }), 1);
  });
});
