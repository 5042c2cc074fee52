import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { NativeState } from "../../../domain/issue.ts";
import { type Mapping, statusOf } from "../../../domain/mapping.ts";
import { movesTo } from "../../../domain/outward.ts";
import { statuses, type Status } from "../../../domain/status.ts";
import { setStage } from "../../conformance/stage.ts";
import { detectMapping } from "../mapping.ts";
import { toStates } from "../states.ts";
import { gitlabSubject, statusesSubject } from "../subject.ts";

const labels = (...names: string[]) => names.map((name, index) => ({ id: String(index), name, color: null }));

type Move = readonly [stateId: string, add: readonly string[], remove: readonly string[]];

function move(
  schema: { readonly mapping: Mapping; readonly states: readonly NativeState[] },
  issue: { readonly type?: string; readonly stateId: string; readonly labels: readonly string[] },
  status: Status,
): Move | null {
  const [first] = movesTo(schema.mapping, schema.states, { type: "issue", ...issue }, status);
  return first === undefined ? null : [first.stateId, first.addLabels, first.removeLabels];
}

describe("moves in a project with its own workflow", () => {
  const rows: [from: string, labels: string[], to: Status, Move][] = [
    ["opened", [], "planning", ["opened", ["workflow::planning"], []]],
    ["opened", ["workflow::planning"], "in_progress", ["opened", ["workflow::in progress"], ["workflow::planning"]]],
    ["opened", ["workflow::in progress"], "in_review", ["opened", ["workflow::in review"], ["workflow::in progress"]]],
    ["opened", ["workflow::in review"], "backlog", ["opened", [], ["workflow::in review"]]],
    ["opened", ["workflow::in review", "bug"], "done", ["closed", [], ["workflow::in review"]]],
    ["opened", [], "canceled", ["closed", ["canceled"], []]],
    ["closed", [], "canceled", ["closed", ["canceled"], []]],
    ["closed", ["canceled"], "done", ["closed", [], ["canceled"]]],
    ["closed", ["duplicate"], "backlog", ["opened", [], ["duplicate"]]],
    ["closed", ["canceled"], "in_progress", ["opened", ["workflow::in progress"], ["canceled"]]],
  ];
  it("set each status as the table says", async (t) => {
    const { connection, source } = await setStage(t, gitlabSubject, { issues: 4 });
    const { mapping, vocabulary } = await connection.describe(source, {});
    for (const [stateId, own, to, expected] of rows) {
      const way = move({ mapping, states: vocabulary.states }, { stateId, labels: own }, to);
      assert.deepEqual(way, expected, `from ${[stateId, ...own].join(" + ")} to ${to}`);
    }
  });

  it("use the existing one of two labels for a status", () => {
    const { mapping } = detectMapping(labels("planning"), {});
    const states: NativeState[] = [
      { id: "opened", name: "Open", category: "open", position: 0 },
      { id: "closed", name: "Closed", category: "closed", position: 1 },
    ];
    const from = { stateId: "opened", labels: [] };
    assert.deepEqual(move({ mapping, states }, from, "planning"), ["opened", ["planning"], []]);
  });

  it("follow projects.yaml if it sets them", () => {
    const overrides = { in_progress: "label:Doing", planning: "label:spec" };
    const { mapping } = detectMapping(labels("Doing", "spec"), overrides);
    const states: NativeState[] = [
      { id: "opened", name: "Open", category: "open", position: 0 },
      { id: "closed", name: "Closed", category: "closed", position: 1 },
    ];
    const from = { stateId: "opened", labels: ["spec"] };
    assert.deepEqual(move({ mapping, states }, from, "in_progress"), ["opened", ["Doing"], ["spec"]]);
  });
});

describe("moves with custom statuses of a group", () => {
  const status = (number: number) => `status:Custom:${number}`;
  const [fresh, todo, doing, review, done, wont, duplicate] = [710, 711, 712, 713, 714, 715, 716].map(status);
  const rows: [from: string | undefined, labels: string[], is: Status, to: Status, Move][] = [
    [fresh, [], "backlog", "in_progress", [doing ?? "", [], []]],
    [doing, [], "in_progress", "backlog", [todo ?? "", [], []]],
    [doing, [], "in_progress", "in_review", [review ?? "", [], []]],
    [review, [], "in_review", "done", [done ?? "", [], []]],
    [todo, [], "backlog", "canceled", [wont ?? "", [], []]],
    [duplicate, [], "canceled", "backlog", [todo ?? "", [], []]],
    // No state for it: the nearest one with its label.
    [todo, [], "backlog", "planning", [todo ?? "", ["workflow::planning"], []]],
    [todo, ["workflow::planning"], "planning", "in_progress", [doing ?? "", [], ["workflow::planning"]]],
    [doing, ["workflow::planning"], "in_progress", "backlog", [todo ?? "", [], ["workflow::planning"]]],
    // A label is more specific than an early state.
    [todo, ["workflow::in review"], "in_review", "done", [done ?? "", [], ["workflow::in review"]]],
    [done, ["canceled"], "canceled", "done", [done ?? "", [], ["canceled"]]],
  ];
  it("set each status as the table says", async (t) => {
    const { connection, source } = await setStage(t, statusesSubject, { issues: 4 });
    const { mapping, vocabulary } = await connection.describe(source, {});
    for (const [stateId = "", own, is, to, expected] of rows) {
      const said = `from ${[stateId, ...own].join(" + ")} to ${to}`;
      assert.equal(statusOf(mapping, { stateId, labels: own }), is, said);
      assert.deepEqual(move({ mapping, states: vocabulary.states }, { stateId, labels: own }, to), expected, said);
    }
  });

  it("open and close types without statuses", async (t) => {
    const { connection, source } = await setStage(t, statusesSubject, { issues: 4 });
    const { mapping, vocabulary } = await connection.describe(source, {});
    const schema = { mapping, states: vocabulary.states };
    const incident = { type: "incident", stateId: "opened", labels: [] };
    assert.deepEqual(move(schema, incident, "done"), ["closed", [], []]);
    assert.deepEqual(move(schema, incident, "in_progress"), ["opened", ["workflow::in progress"], []]);
    assert.deepEqual(
      vocabulary.states.find(({ id }) => id === todo),
      { id: todo, name: "To do", category: "to_do", position: 1, types: ["issue", "task"] },
    );
  });
});

describe("GitLab's own five statuses", () => {
  const own = (number: number) => `status:SystemDefined:${number}`;
  const names = [
    ["To do", "TO_DO"],
    ["In progress", "IN_PROGRESS"],
    ["Done", "DONE"],
    ["Won't do", "CANCELED"],
    ["Duplicate", "CANCELED"],
  ] as const;
  const states = toStates([
    {
      name: "Issue",
      widgetDefinitions: [
        {
          type: "STATUS",
          allowedStatuses: names.map(([name, category], index) => ({
            id: `gid://gitlab/WorkItems::Statuses::SystemDefined::Status/${index + 1}`,
            name,
            category,
          })),
        },
      ],
    },
  ]);

  it("reach every status in a project without labels for it", () => {
    const { mapping } = detectMapping(labels("bug"), {}, states);
    const from = { stateId: own(1), labels: [] };
    const ways = statuses.map((status) => move({ mapping, states }, from, status));
    assert.deepEqual(ways, [
      [own(1), [], []],
      [own(1), ["workflow::planning"], []],
      [own(2), [], []],
      [own(2), ["workflow::in review"], []],
      [own(3), [], []],
      [own(4), [], []],
    ]);
  });

  it("are left alone if labels are the workflow", () => {
    const project = labels("workflow::planning", "workflow::in progress", "workflow::in review", "canceled");
    const { mapping } = detectMapping(project, {}, states);
    const from = { stateId: own(1), labels: [] };
    const ways = statuses.map((status) => move({ mapping, states }, from, status));
    assert.deepEqual(ways, [
      [own(1), [], []],
      [own(1), ["workflow::planning"], []],
      [own(1), ["workflow::in progress"], []],
      [own(1), ["workflow::in review"], []],
      [own(3), [], []],
      [own(3), ["canceled"], []],
    ]);
    assert.equal(statusOf(mapping, { stateId: own(2), labels: [] }), "in_progress");
  });
});
