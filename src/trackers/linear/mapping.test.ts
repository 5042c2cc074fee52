import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { priorityOf, statusOf } from "../../domain/mapping.ts";
import { priorities } from "../../domain/priority.ts";
import type { Status } from "../../domain/status.ts";
import { detectMapping } from "./mapping.ts";

function status(name: string, category: string, overrides: Record<string, string> = {}): Status {
  const states = [
    { id: "s1", name, category, position: 1 },
    { id: "s2", name: "Something else", category: "backlog", position: 0 },
  ];
  return statusOf(detectMapping(states, [], overrides).mapping, { stateId: "s1", labels: [] });
}

describe("status", () => {
  const rows: [string, string, Status][] = [
    ["Triage", "triage", "backlog"],
    ["Backlog", "backlog", "backlog"],
    ["Todo", "unstarted", "backlog"],
    ["Planning", "unstarted", "planning"],
    ["planning", "started", "planning"],
    ["In Progress", "started", "in_progress"],
    ["Building", "started", "in_progress"],
    ["In Review", "started", "in_review"],
    ["in_review", "started", "in_review"],
    ["Review", "started", "in_review"],
    ["Code Review", "started", "in_review"],
    ["QA", "started", "in_review"],
    ["Testing", "started", "in_review"],
    ["Done", "completed", "done"],
    ["Review", "completed", "done"],
    ["Planning", "canceled", "canceled"],
    ["Canceled", "canceled", "canceled"],
    ["Duplicate", "duplicate", "canceled"],
    ["Something new", "a type of the future", "backlog"],
    // A part of the name is not enough.
    ["Reviewed", "started", "in_progress"],
    ["Sprint Planning", "unstarted", "backlog"],
  ];
  for (const [name, type, expected] of rows) {
    it(`reads ${name} (${type}) as ${expected}`, () => assert.equal(status(name, type), expected));
  }

  it("uses overrides by name instead of the detected names", () => {
    assert.equal(status("Spec", "unstarted", { planning: "spec" }), "planning");
    assert.equal(status("In Review", "started", { in_review: "Something else" }), "in_progress");
    assert.equal(status("In Review", "started", { in_review: "No such state" }), "in_review");
  });

  it("warns about a name that does not exist, with the nearest one", () => {
    const states = [{ id: "s1", name: "Code Review", category: "started", position: 1 }];
    const { warnings } = detectMapping(states, [], { in_review: "Code Reveiw", plannning: "Code Review" });
    assert.deepEqual(
      warnings.map(({ code, candidates }) => [code, candidates[0]]),
      [
        ["invalid_input", "Code Review"],
        ["invalid_input", "planning"],
      ],
    );
  });
});

it("keeps native priorities", () => {
  const { mapping } = detectMapping([], [], {});
  for (const priority of priorities) {
    assert.equal(priorityOf(mapping, { nativePriority: String(priority), labels: [] }), priority);
  }
});
