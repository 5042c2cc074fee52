import { blankDraft } from "../../../test/support/blank-draft.ts";
import type { NativeIssue } from "../../domain/issue.ts";
import { type IssueType, type NativeDraft, newLabelId } from "../../domain/operation.ts";
import type { NativeEdit } from "../tracker.ts";
import { sample, samples, type WriterStage } from "./writer-stage.ts";
import { fieldEdits, fillForm, findParent } from "./writing-fields.ts";

/** The types whose issues need no parent. */
export function creatableTypes({ schema }: WriterStage): IssueType[] {
  return schema.types.filter(({ creatable, needsParent }) => creatable && !needsParent);
}

/** Only what the type requires. */
export function emptyDraft(stage: WriterStage, type = creatableTypes(stage)[0]): NativeDraft {
  return { ...blankDraft, type: type?.name ?? null, fields: fillForm(type?.fields ?? []) };
}

/** Everything that the tracker and the type have. */
export function fullDraft(stage: WriterStage, type: IssueType): NativeDraft {
  const { schema, subject } = stage;
  const { writing } = subject.definition;
  const like = samples(stage).find((one) => one.type === type.name) ?? { ...sample(stage), type: type.name };
  const values: NativeEdit = Object.assign({}, ...fieldEdits(stage, like).map(({ edit }) => edit));
  const labels = schema.vocabulary.labels.slice(-2).map(({ id, name }) => ({ id, name }));
  const fresh = stage.writing.labelName?.("Made with the issue") ?? "Made with the issue";
  const hasLabels = type.has?.includes("labels") ?? true;
  const hasAssignees = type.has?.includes("assignees") ?? true;
  const parent = values.parent === undefined ? undefined : findParent(stage, like);
  return {
    ...emptyDraft(stage, type),
    title: "All that there is",
    body: "# With a heading\n\nAnd a paragraph.",
    stateId: values.stateId ?? null,
    nativePriority: values.nativePriority ?? null,
    labels: hasLabels ? [...labels, ...(writing.newLabels ? [{ id: newLabelId(fresh), name: fresh }] : [])] : [],
    assigneeIds: hasAssignees
      ? schema.vocabulary.people.slice(0, writing.assignees === "many" ? 2 : 1).map(({ id }) => id)
      : [],
    cycleId: values.cycleId ?? null,
    dueDate: values.dueDate ?? null,
    estimate: values.estimate ?? null,
    parent: parent === undefined ? null : stage.address(parent),
  };
}

/** The parts of a draft that its issue does not have yet. */
export function restOf(stage: WriterStage, draft: NativeDraft, issue: NativeIssue): NativeEdit {
  const { writing } = stage.subject.definition;
  const own = stage.labelNames(issue);
  return {
    ...(draft.stateId !== null && draft.stateId !== issue.stateId && !writing.choices
      ? { stateId: draft.stateId }
      : {}),
    ...(draft.nativePriority !== null && draft.nativePriority !== issue.nativePriority
      ? { nativePriority: draft.nativePriority }
      : {}),
    ...(draft.cycleId === issue.cycleId ? {} : { cycleId: draft.cycleId }),
    ...(draft.dueDate === issue.dueDate ? {} : { dueDate: draft.dueDate }),
    ...(draft.estimate === issue.estimate ? {} : { estimate: draft.estimate }),
    ...(draft.parent === null || issue.parentId === draft.parent.nativeId ? {} : { parent: draft.parent }),
    addLabels: draft.labels.filter(({ name }) => !own.includes(name)),
    addAssignees: draft.assigneeIds.filter((id) => !issue.assigneeIds.includes(id)),
  };
}
