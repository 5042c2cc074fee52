import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { RecordedRequest } from "../../../emulators/emulator.ts";
import { statuses } from "../../domain/status.ts";
import type { NativeEdit } from "../tracker.ts";
import type { Subject } from "./stage.ts";
import { samples, setWriterStage } from "./writer-stage.ts";
import { fieldEdits } from "./writing-fields.ts";
import { reach } from "./writing-moves.ts";
import { sentMark } from "./operation-mark.ts";
import { creatableTypes, fullDraft, restOf } from "./drafts.ts";

/** Records every request of an adapter during all kinds of writes, including the reads in between. */
export async function recordWrites(t: TestContext, subject: Subject): Promise<readonly RecordedRequest[]> {
  const stage = await setWriterStage(t, subject);
  const { write, source, emulator, schema } = stage;
  const { writing } = subject.definition;
  for (const found of samples(stage)) {
    let issue = await stage.read(found);
    const fields = fieldEdits(stage, issue);
    for (const { edit } of fields) issue = await stage.apply(issue, edit);
    const cleared = { cycleId: null, dueDate: null, estimate: null, parent: null };
    const names = new Set<string>(fields.map(({ name }) => name));
    const empty = Object.fromEntries(Object.entries(cleared).filter(([name]) => names.has(name)));
    issue = await stage.apply(issue, { body: "", ...empty } as NativeEdit);
    const labels = schema.vocabulary.labels.slice(0, 2).map(({ id, name }) => ({ id, name }));
    issue = await stage.apply(issue, { addLabels: labels, removeLabels: [] });
    issue = await stage.apply(issue, { removeLabels: labels });
    issue = await stage.apply(issue, { removeAssignees: issue.assigneeIds });
    const [person] = schema.vocabulary.people;
    if (person !== undefined) issue = await stage.apply(issue, { addAssignees: [person.id] });
    issue = await stage.apply(issue, { removeAssignees: issue.assigneeIds });
    for (const status of statuses) issue = await reach(stage, issue, status);
  }
  for (const type of creatableTypes(stage)) {
    const draft = fullDraft(stage, type);
    const mark = sentMark();
    const { issue, seen } = await write.create(source, draft, mark);
    stage.learn(seen);
    await stage.apply(issue, restOf(stage, draft, issue));
    assert.equal((await write.findCreated(source, draft, mark)).length, 1);
  }
  const [issue, other] = stage.issues;
  assert.ok(issue && other);
  const address = stage.address(issue);
  const mark = sentMark();
  const { comment } = await write.comment(source, address, "A comment", mark);
  assert.equal((await write.findComments(source, address, "A comment", mark)).length, 1);
  if (writing.comments.edit) await write.editComment(source, address, comment.id, "Another comment");
  if (writing.comments.delete) await write.deleteComment(source, address, comment.id);
  for (const type of writing.relations) {
    const relation = { type, target: stage.address(other), id: null };
    await write.relate(source, address, relation);
    await write.relate(source, address, relation);
    await write.unrelate(source, address, relation);
    await write.unrelate(source, address, relation);
  }
  return emulator.requests.list();
}
