import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Move, movesTo, priorityMoveTo } from "../../../domain/outward.ts";
import { priorityOf, statusOf } from "../../../domain/mapping.ts";
import { newLabelId } from "../../../domain/operation.ts";
import { priorities } from "../../../domain/priority.ts";
import { type Status, statuses } from "../../../domain/status.ts";
import type { NativeState } from "../../../domain/issue.ts";
import { setStage } from "../../conformance/stage.ts";
import { detectMapping } from "../mapping.ts";
import { linearSubject } from "../subject.ts";
import { setWriteStage } from "./write-stage.ts";

/** A workflow of `name:type` rows, in Linear's order. */
function workflow(...rows: readonly string[]): NativeState[] {
  return rows.map((row, position) => {
    const [name = "", category = ""] = row.split(":");
    return { id: name, name, category, position };
  });
}

function moves(
  states: readonly NativeState[],
  from: { readonly stateId: string; readonly labels?: readonly string[] },
  overrides: Record<string, string> = {},
): Record<Status, Move | undefined> {
  const { mapping } = detectMapping(states, [], overrides);
  const issue = { type: "issue", labels: [], ...from };
  const found = statuses.map((status) => [status, movesTo(mapping, states, issue, status)[0]] as const);
  return Object.fromEntries(found) as Record<Status, Move | undefined>;
}

const plain = (stateId: string): Move => ({ stateId, addLabels: [], removeLabels: [] });

describe("the target of a move", () => {
  it("in the emulator's teams, whatever they call their states", async (t) => {
    const { connection, emulator } = await setStage(t, linearSubject, { issues: 40, sources: 3 });
    const expected: Record<string, readonly string[]> = {
      APP: ["Backlog", "Planning", "In Progress", "In Review", "Done", "Canceled"],
      OPS: ["Icebox", "Planning", "In Progress", "Code Review", "Shipped", "Canceled"],
    };
    for (const { key, id } of emulator.sources) {
      const { mapping, vocabulary } = await connection.describe({ key, historyMs: null, nativeId: id }, {});
      const names = new Map(vocabulary.states.map((state) => [state.id, state.name]));
      for (const from of vocabulary.states) {
        const issue = { type: "issue", stateId: from.id, labels: [] };
        const found = statuses.map((status) => movesTo(mapping, vocabulary.states, issue, status)[0]);
        const present = statuses.indexOf(statusOf(mapping, issue));
        const stays = from.category !== "triage" && from.category !== "duplicate";
        assert.deepEqual(
          found.map((move) => names.get(move?.stateId ?? "")),
          // An issue that already has the status keeps its state.
          (expected[key] ?? expected["APP"])?.map((name, index) => (stays && index === present ? from.name : name)),
          `${key} from ${from.name}`,
        );
        assert.ok(found.every((move) => move?.addLabels.length === 0 && move.removeLabels.length === 0));
      }
    }
  });

  it("is never triage, duplicate, or an unknown type", () => {
    const states = workflow("Triage:triage", "New kind:future", "Todo:unstarted", "Dup:duplicate", "No:canceled");
    const { mapping } = detectMapping(states, [], {});
    const all = statuses.flatMap((status) =>
      movesTo(mapping, states, { type: "issue", stateId: "Todo", labels: [] }, status).map((move) => move.stateId),
    );
    for (const never of ["Triage", "New kind", "Dup"]) assert.ok(!all.includes(never), never);
    assert.deepEqual(moves(states, { stateId: "Dup" }).canceled, plain("No"));
    assert.deepEqual(moves(states, { stateId: "Triage" }).backlog, plain("Todo"));
  });

  it("is the first by Linear's order: the backlog before unstarted states", () => {
    const states = workflow(
      "Icebox:backlog",
      "Later:backlog",
      "Todo:unstarted",
      "A:started",
      "B:started",
      "C:completed",
    );
    const found = moves(states, { stateId: "C" });
    assert.deepEqual([found.backlog, found.in_progress, found.done], [plain("Icebox"), plain("A"), plain("C")]);
    assert.equal(found.canceled, undefined);
  });

  it("is the nearest state with a label if there is no state, and reads back as the status", () => {
    const states = workflow("Backlog:backlog", "Todo:unstarted", "Doing:started", "Done:completed", "No:canceled");
    const found = moves(states, { stateId: "Backlog" });
    assert.deepEqual(found.planning, { stateId: "Todo", addLabels: ["planning"], removeLabels: [] });
    assert.deepEqual(found.in_review, { stateId: "Doing", addLabels: ["in review"], removeLabels: [] });
    const { mapping } = detectMapping(states, [], {});
    assert.equal(statusOf(mapping, { stateId: "Todo", labels: ["Planning"] }), "planning");
    assert.equal(statusOf(mapping, { stateId: "Doing", labels: ["in-review"] }), "in_review");
    // The next move removes the label.
    const onwards = moves(states, { stateId: "Doing", labels: ["in review", "Bug"] });
    assert.deepEqual(onwards.done, { stateId: "Done", addLabels: [], removeLabels: ["in review"] });
    assert.deepEqual(onwards.in_progress, { stateId: "Doing", addLabels: [], removeLabels: ["in review"] });
    assert.deepEqual(onwards.planning, { stateId: "Todo", addLabels: ["planning"], removeLabels: ["in review"] });
  });

  it("is a started state with a label, if the only started state is a review", () => {
    const states = workflow("Backlog:backlog", "Todo:unstarted", "In Review:started", "Done:completed");
    assert.deepEqual(moves(states, { stateId: "Todo" }).in_progress, {
      stateId: "In Review",
      addLabels: ["in progress"],
      removeLabels: [],
    });
  });

  it("is what the user set, state or label", () => {
    const states = workflow("Backlog:backlog", "Spec:unstarted", "Doing:started", "QA:started", "Done:completed");
    const found = moves(states, { stateId: "Backlog" }, { planning: "Spec", in_review: "label:check" });
    assert.deepEqual(found.planning, plain("Spec"));
    assert.equal(found.in_review?.addLabels[0], "check");
    assert.deepEqual(found.in_progress, plain("Doing"));
  });
});

it("moves an issue through every status and back, in a team that lacks some states", async (t) => {
  const stage = await setWriteStage(t);
  const { emulator, source, connection } = stage;
  for (const name of ["Planning", "In Review"]) emulator.world.renameState?.(source.key, name, `Old ${name}`);
  const { nativeId } = await stage.issue();
  for (const status of [...statuses, ...statuses.toReversed()]) {
    const { mapping, vocabulary } = await connection.describe(source, {});
    const issue = await stage.read(nativeId);
    const names = new Map(vocabulary.labels.map(({ id, name }) => [id, name]));
    const labelsOf = (ids: readonly string[]) => ids.map((id) => names.get(id) ?? id);
    const placed = { type: issue.type, stateId: issue.stateId, labels: labelsOf(issue.labelIds) };
    const [move] = movesTo(mapping, vocabulary.states, placed, status);
    assert.ok(move);
    const toRef = (name: string) => ({
      id: vocabulary.labels.find((label) => label.name === name)?.id ?? newLabelId(name),
      name,
    });
    await stage.edit(issue, {
      stateId: move.stateId,
      addLabels: move.addLabels.map(toRef),
      removeLabels: move.removeLabels.map(toRef),
    });
    const after = await connection.describe(source, {});
    for (const { id, name } of after.vocabulary.labels) names.set(id, name);
    const now = await stage.read(nativeId);
    assert.equal(statusOf(after.mapping, { stateId: now.stateId, labels: labelsOf(now.labelIds) }), status);
  }
  const labels = emulator.world.issues(source.key)[0]?.labels ?? [];
  assert.ok(!labels.includes("planning") && !labels.includes("in review"));
});

it("maps every priority to Linear's number", () => {
  const { mapping } = detectMapping([], [], {});
  for (const priority of priorities) {
    const move = priorityMoveTo(mapping, { nativePriority: "3", labels: [] }, priority);
    assert.deepEqual(move, { kind: "native", nativePriority: String(priority) });
    assert.equal(priorityOf(mapping, { nativePriority: String(priority), labels: [] }), priority);
  }
});
