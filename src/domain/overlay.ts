import type { NativeIssue, NativeRelation } from "./issue.ts";
import {
  type FieldChange,
  type FieldValue,
  localIdPrefix,
  type RelationChange,
  type ScalarField,
} from "./operation.ts";
import { isFinished } from "./status.ts";

/** The part of an open operation that changes how an issue is shown. `at`: when it was made. */
export type OpenChange =
  | { readonly kind: "edit"; readonly fields: readonly FieldChange[]; readonly at: number }
  | { readonly kind: "relate" | "unrelate"; readonly uuid: string; readonly relation: RelationChange };

/** A field's native value in an issue. */
export function valueOf(issue: NativeIssue, field: ScalarField): FieldValue {
  switch (field) {
    case "title":
      return issue.title;
    case "body":
      return issue.body;
    case "state":
      return issue.stateId;
    case "priority":
      return issue.nativePriority;
    case "cycle":
      return issue.cycleId;
    case "dueDate":
      return issue.dueDate;
    case "estimate":
      return issue.estimate;
    case "parent":
      return issue.parentId ?? issue.parentKey ?? null;
    case "type":
      return issue.type;
  }
}

/**
 * The issue as it is shown: the tracker's last known version with the open operations applied in order. An edited issue counts as updated at the time of the edit, as
 * its tracker will also say. So it takes its place in the order at once and does not jump when the tracker confirms.
 */
export function overlay(base: NativeIssue, changes: readonly OpenChange[]): NativeIssue {
  let shown = base;
  for (const change of changes) {
    if (change.kind === "edit") {
      for (const field of change.fields) shown = withChange(shown, field);
      shown = withClosing(shown, change);
      if (change.at > shown.updatedAt) shown = { ...shown, updatedAt: change.at };
    } else shown = { ...shown, relations: withRelation(shown.relations ?? [], change) };
  }
  return shown;
}

/** An issue that is moved to a finished state counts as closed at that time, and a reopened one as never closed. */
function withClosing(issue: NativeIssue, { fields, at }: Extract<OpenChange, { kind: "edit" }>): NativeIssue {
  const move = fields.find((change) => change.field === "status");
  if (move?.field !== "status" || !fields.some(({ field }) => field === "state")) return issue;
  return { ...issue, closedAt: isFinished(move.to) ? (issue.closedAt ?? at) : null };
}

/** An issue with one field changed. */
export function withChange(issue: NativeIssue, change: FieldChange): NativeIssue {
  switch (change.field) {
    case "labels":
      return { ...issue, labelIds: withMembers(issue.labelIds, change) };
    case "assignees":
      return { ...issue, assigneeIds: withMembers(issue.assigneeIds, change) };
    case "status":
    case "custom":
      return issue;
    default:
      return withValue(issue, change.field, change.to);
  }
}

/** Removes and adds members; added ones come last. */
export function withMembers(
  members: readonly string[],
  { add, remove }: { readonly add: readonly string[]; readonly remove: readonly string[] },
): readonly string[] {
  const gone = new Set(remove);
  return [...new Set([...members.filter((member) => !gone.has(member)), ...add])];
}

function withValue(issue: NativeIssue, field: ScalarField, value: FieldValue): NativeIssue {
  const text = value === null ? null : String(value);
  switch (field) {
    case "title":
      return { ...issue, title: text ?? "" };
    case "body":
      return { ...issue, body: text ?? "" };
    case "state":
      return { ...issue, stateId: text ?? issue.stateId };
    case "priority":
      return { ...issue, nativePriority: text };
    case "cycle":
      return { ...issue, cycleId: text };
    case "dueDate":
      return { ...issue, dueDate: text };
    case "estimate":
      return { ...issue, estimate: value === null ? null : Number(value) };
    case "parent":
      return { ...issue, parentId: text, parentKey: null };
    case "type":
      return { ...issue, type: text ?? issue.type };
  }
}

function withRelation(
  relations: readonly NativeRelation[],
  { kind, uuid, relation }: Extract<OpenChange, { kind: "relate" | "unrelate" }>,
): readonly NativeRelation[] {
  const others = relations.filter(
    (known) => !(known.type === relation.type && known.targetId === relation.target.nativeId),
  );
  if (kind === "unrelate") return others;
  return [...others, { id: `${localIdPrefix}${uuid}`, type: relation.type, targetId: relation.target.nativeId }];
}
