import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { after, before } from "../../../test/support/hooks.ts";
import { foldName } from "../../domain/fold-name.ts";
import { isPanopticonError } from "../../domain/error.ts";
import type { FieldChange } from "../../domain/operation.ts";
import type { IssuePatch } from "../changes.ts";
import { type ChangesStage, openChangesStage, you } from "../../../test/support/changes-stage.ts";

type Case = readonly [what: string, ref: string, patch: IssuePatch, fields: readonly FieldChange[]];

/** Each case uses issues of a fresh stage that no other case uses. */
const queued: readonly Case[] = [
  ["a title on one line", "app#1", { title: " A\n new  one " }, [{ field: "title", from: "Issue 1", to: "A new one" }]],
  [
    "a status that is a state",
    "app#1",
    { status: "Done" },
    [
      { field: "status", from: "backlog", to: "done" },
      { field: "state", from: "open", to: "closed" },
    ],
  ],
  [
    "a status that is a label",
    "app#1",
    { status: "in-review" },
    [
      { field: "status", from: "backlog", to: "in_review" },
      { field: "labels", add: ["l-review"], remove: [] },
    ],
  ],
  [
    "a native state by name",
    "app#1",
    { status: "not planned" },
    [
      { field: "status", from: "backlog", to: "canceled" },
      { field: "state", from: "open", to: "dropped" },
    ],
  ],
  ["a priority that is a label", "app#1", { priority: "urgent" }, [{ field: "labels", add: ["l-urgent"], remove: [] }]],
  ["a native priority", "MIN-1", { priority: 2 }, [{ field: "priority", from: null, to: "high" }]],
  ["a native priority by its own name", "MIN-1", { priority: "low" }, [{ field: "priority", from: null, to: "low" }]],
  [
    "labels by name, folded, and a new one",
    "app#1",
    { addLabels: ["bug", "Very new"] },
    [{ field: "labels", add: ["l-bug", "name:Very new"], remove: [] }],
  ],
  [
    "a label, a status and a priority in one change of the labels",
    "app#3",
    { addLabels: ["fresh"], removeLabels: ["BUG"], status: "planning", priority: 1 },
    [
      { field: "status", from: "backlog", to: "planning" },
      { field: "labels", add: ["name:fresh", "l-plan", "l-urgent"], remove: ["l-bug"] },
    ],
  ],
  [
    "assignees by login, by name and as me",
    "app#1",
    { addAssignees: ["@ANN", "me", "Ben Bell"] },
    [{ field: "assignees", add: ["p-ann", "p-ben"], remove: [] }],
  ],
  [
    "a removed and an added assignee",
    "app#3",
    { addAssignees: ["me"], removeAssignees: ["ann"] },
    [{ field: "assignees", add: ["p-ben"], remove: ["p-ann"] }],
  ],
  [
    "a replacement of the only assignee",
    "MIN-3",
    { addAssignees: ["ben"] },
    [{ field: "assignees", add: ["p-ben"], remove: ["p-ann"] }],
  ],
  ["a cycle", "app#1", { cycle: "sprint-1" }, [{ field: "cycle", from: null, to: "c-1" }]],
  ["a due date", "app#1", { dueDate: "2026-11-22" }, [{ field: "dueDate", from: null, to: "2026-11-22" }]],
  ["an estimate", "app#1", { estimate: 0.5 }, [{ field: "estimate", from: null, to: 0.5 }]],
  ["a parent", "app#2", { parent: "acme/app#1" }, [{ field: "parent", from: null, to: "n1" }]],
  [
    "a type, with a field of its own",
    "MIN-1",
    { type: "bug", fields: { Severity: "cosmetic" } },
    [
      { field: "type", from: "Story", to: "Bug" },
      { field: "custom", id: "severity", to: "s2" },
    ],
  ],
];

const refused: readonly (readonly [
  what: string,
  ref: string,
  patch: IssuePatch,
  code: string,
  message: RegExp,
  field?: string,
])[] = [
  ["an empty title", "app#1", { title: " \n" }, "invalid_input", /title is empty/, "title"],
  [
    "a title that is too long",
    "app#1",
    { title: "x".repeat(257) },
    "invalid_input",
    /257 characters; the limit of Alpha is 256/,
    "title",
  ],
  ["a body that is too long", "app#1", { body: "x".repeat(65_537) }, "invalid_input", /65,537 characters/, "body"],
  [
    "an invalid base",
    "app#1",
    { title: "New", base: { titel: "x" } as object },
    "invalid_input",
    /Did you mean/,
    "base",
  ],
  ["an unknown status", "app#1", { status: "in progres" }, "invalid_input", /Did you mean “In Progress”/, "status"],
  ["a status without a move", "MIN-1", { status: "planning" }, "unsupported", /maps to Planning/, "status"],
  ["an unknown priority", "app#1", { priority: "urgnt" }, "invalid_input", /Did you mean “urgent”/, "priority"],
  [
    "a priority similar to none",
    "MIN-1",
    { priority: "zzzzzz" },
    "invalid_input",
    /urgent, high, medium, low\./,
    "priority",
  ],
  ["a priority without a mapping", "app#1", { priority: 3 }, "unsupported", /Available: none, urgent/, "priority"],
  ["a mistyped label", "app#1", { addLabels: ["planing"] }, "invalid_input", /Did you mean “planning”/, "addLabels"],
  [
    "a new label in a tracker that creates none",
    "MIN-1",
    { addLabels: ["fresh"] },
    "invalid_input",
    /no label “fresh”/,
    "addLabels",
  ],
  [
    "an unknown label to remove",
    "app#3",
    { removeLabels: ["buk"] },
    "invalid_input",
    /Did you mean “Bug”/,
    "removeLabels",
  ],
  ["an unknown person", "app#1", { addAssignees: ["anm"] }, "invalid_input", /Did you mean “Ann”/, "addAssignees"],
  ["too many assignees", "MIN-2", { addAssignees: ["ann", "ben"] }, "unsupported", /one assignee/, "addAssignees"],
  ["me for an unknown account", "MIN-2", { addAssignees: ["me"] }, "invalid_input", /not known yet/, "addAssignees"],
  ["an unknown cycle", "app#1", { cycle: "Sprint 2" }, "invalid_input", /Did you mean “Sprint 1”/, "cycle"],
  [
    "a field that the issue type lacks",
    "MIN-1",
    { estimate: 3 },
    "unsupported",
    /A Story in Beta has no estimate/,
    "estimate",
  ],
  ["an impossible day", "app#1", { dueDate: "2026-02-30" }, "invalid_input", /is not a valid date/, "dueDate"],
  ["negative", "app#1", { estimate: -1 }, "invalid_input", /negative/, "estimate"],
  ["itself as parent", "app#1", { parent: "app#1" }, "invalid_input", /own parent/, "parent"],
  ["a missing parent", "app#1", { parent: "app#99" }, "not_found", /app#99/, "parent"],
  ["an unknown type", "app#1", { type: "nothing" }, "invalid_input", /no type “nothing”/, "type"],
  ["a type that cannot be created", "MIN-1", { type: "epic" }, "unsupported", /cannot be created/, "type"],
  [
    "a transition in a tracker without transitions",
    "app#1",
    { status: "done", transition: "x" },
    "unsupported",
    /no transitions to choose from/,
    "transition",
  ],
  ["an unknown field", "app#1", { fields: { severity: "s1" } }, "invalid_input", /no field “severity”/, "severity"],
  [
    "an unknown choice",
    "MIN-1",
    { type: "Bug", fields: { severity: "Crsh" } },
    "invalid_input",
    /Did you mean “Crash”/,
    "severity",
  ],
  ["an unknown key", "app#1", { titel: "x" } as IssuePatch, "invalid_input", /Did you mean “title”/],
];

describe("a patch", () => {
  describe("queues", () => {
    for (const [what, ref, patch, fields] of queued) {
      it(what, async () => {
        const stage = await openChangesStage();
        try {
          await stage.changes.edit(await stage.id(ref), patch, you);
          const { fields: written, actor, session } = await stage.operation(ref);
          assert.deepEqual(written, fields);
          assert.deepEqual([actor, session], ["you", "browser 1"]);
          assert.equal(stage.changed.length, 1);
        } finally {
          await stage.close();
        }
      });
    }
  });

  describe("is refused for", () => {
    let stage: ChangesStage;
    before(async () => {
      stage = await openChangesStage();
    });
    after(() => stage.close());
    for (const [what, ref, patch, code, message, field] of refused) {
      it(what, async () => {
        await assert.rejects(stage.changes.edit(await stage.id(ref), patch, you), (error) => {
          assert.ok(isPanopticonError(error), String(error));
          assert.equal(error.code, code);
          assert.match(`${error.message} ${error.hint ?? ""}`, message);
          assert.equal(error.field, field);
          assert.equal(new Set(error.candidates.map(foldName)).size, error.candidates.length, "each is named once");
          return true;
        });
        assert.deepEqual(await stage.store.outbox.list(), []);
      });
    }
  });
});
