import assert from "node:assert/strict";
import type { NativeIssue } from "../../domain/issue.ts";
import { priorityOf, statusOf } from "../../domain/mapping.ts";
import { movesTo, priorityMoveTo } from "../../domain/outward.ts";
import { statuses, type Status } from "../../domain/status.ts";
import type { NativeEdit } from "../tracker.ts";
import type { Register } from "./register.ts";
import { fillForm } from "./writing-fields.ts";
import type { Subject } from "./stage.ts";
import { registerWriter, samples, type WriterStage } from "./writer-stage.ts";

/** Moves from every status to every other, by the source's own mapping. */
export function testMoves(it: Register, subject: Subject): void {
  const writes = registerWriter(it, subject);

  writes("can move every type to every status", async (stage) => {
    for (const issue of samples(stage)) {
      for (const status of statuses) {
        assert.ok(waysTo(stage, issue, status).length > 0, `no way for a ${issue.type} to be ${status}`);
      }
    }
  });

  writes("moves from every status to every other and reads it back", async (stage) => {
    for (const found of samples(stage)) {
      let issue = await stage.read(found);
      for (const from of statuses) {
        for (const to of statuses) {
          if (from === to) continue;
          issue = await reach(stage, issue, from);
          issue = await reach(stage, issue, to);
        }
      }
    }
  });

  writes("moves with labels that do not exist yet", async (stage) => {
    for (const { name } of stage.schema.vocabulary.labels) {
      stage.emulator.world.renameLabel(stage.source.key, name, `${name} (renamed)`);
    }
    const schema = await stage.connection.describe(stage.source, {});
    stage.learn(schema.vocabulary);
    const found = samples(stage)[0];
    assert.ok(found);
    let issue = await stage.read(found);
    for (const status of ["planning", "in_review", "canceled", "in_progress", "done", "backlog"] as const) {
      issue = await reach({ ...stage, schema }, issue, status);
    }
  });

  writes("sets every priority that the source supports, and reads it back", async (stage) => {
    for (const found of samples(stage)) {
      let issue = await stage.read(found);
      if (!(stage.typeOf(issue).has?.includes("priority") ?? true)) continue;
      for (const priority of [1, 4, 2, 0, 3, 1, 0] as const) {
        const way = priorityMoveTo(stage.schema.mapping, { ...issue, labels: stage.labelNames(issue) }, priority);
        if (way === null) continue;
        issue = await stage.apply(
          issue,
          way.kind === "native"
            ? { nativePriority: way.nativePriority }
            : {
                addLabels: way.addLabels.map((name) => stage.labelRef(name)),
                removeLabels: way.removeLabels.map((name) => stage.labelRef(name)),
              },
        );
        assert.equal(priorityOf(stage.schema.mapping, { ...issue, labels: stage.labelNames(issue) }), priority);
      }
    }
  });
}

export function waysTo(stage: WriterStage, issue: NativeIssue, status: Status) {
  const { mapping, vocabulary } = stage.schema;
  return movesTo(mapping, vocabulary.states, placed(stage, issue), status);
}

function placed(stage: WriterStage, issue: NativeIssue) {
  return { type: issue.type, stateId: issue.stateId, labels: stage.labelNames(issue) };
}

/** Moves an issue to a status, through another one if the workflow requires it. */
export async function reach(stage: WriterStage, issue: NativeIssue, status: Status): Promise<NativeIssue> {
  const direct = await move(stage, issue, status);
  if (direct !== null) return direct;
  for (const between of statuses) {
    const first = await move(stage, issue, between);
    const second = first === null ? null : await move(stage, first, status);
    if (second !== null) return second;
  }
  assert.fail(`no way leads from ${issue.stateId} to ${status}`);
}

/** null if the workflow does not allow this move. */
async function move(stage: WriterStage, issue: NativeIssue, status: Status): Promise<NativeIssue | null> {
  const edit = await toMoveEdit(stage, issue, status);
  if (edit === null) return null;
  const after = await stage.apply(issue, edit);
  const labels = stage.labelNames(after);
  assert.equal(
    statusOf(stage.schema.mapping, { stateId: after.stateId, labels }),
    status,
    `${after.stateId} ${labels.join()}`,
  );
  // No other label represents a status.
  const kept = labels.filter((label) => !stage.labelNames(issue).includes(label));
  assert.ok(kept.length <= 1, `${kept.join()} were added`);
  return after;
}

/** The edit for a move, using the first way that the workflow offers; null if it offers none. */
export async function toMoveEdit(stage: WriterStage, issue: NativeIssue, status: Status): Promise<NativeEdit | null> {
  const ways = waysTo(stage, issue, status);
  const own = ways[0] ?? assert.fail(`no way to ${status}`);
  const toEdit = (way: typeof own): NativeEdit => ({
    stateId: way.stateId,
    addLabels: way.addLabels.map((name) => stage.labelRef(name)),
    removeLabels: way.removeLabels.map((name) => stage.labelRef(name)),
  });
  if (stage.write.choices === undefined) return toEdit(own);
  const stays = ways.find(({ stateId }) => stateId === issue.stateId);
  if (stays !== undefined) return toEdit(stays);
  const stateIds = ways.map(({ stateId }) => stateId);
  const [choice] = await stage.write.choices(stage.source, issue, stateIds);
  if (choice === undefined) return null;
  const way = ways.find(({ stateId }) => stateId === choice.stateId) ?? assert.fail("another state than was asked for");
  return { ...toEdit(way), transition: choice.id, fields: fillForm(choice.fields) };
}
