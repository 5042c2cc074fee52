import { PanopticonError } from "../../../domain/error.ts";
import type { NativeIssue } from "../../../domain/issue.ts";
import { type LabelRef, newLabelName } from "../../../domain/operation.ts";
import type { NativeEdit, WriteStep } from "../../tracker.ts";
import type { EditRequest } from "./edit-request.ts";

type Known = {
  /** Whether a text shown by Linear is the written one. */
  readonly isSameText: (written: string, found: string) => boolean;
  /** The id of a label created on first use; undefined if it was not created yet. */
  readonly labelId: (name: string) => string | undefined;
};

/** The whole edit as one request; empty if nothing changes. Throws `unsupported` and `invalid_input`. */
export function planEdit(issue: NativeIssue, edit: NativeEdit, known: Known): readonly WriteStep[] {
  refuseForeign(edit, issue);
  const input: Record<string, unknown> = {};
  const names: string[] = [];
  const set = (name: string, field: string, value: unknown, present: unknown) => {
    if (value === undefined || value === present) return;
    input[field] = value;
    names.push(name);
  };
  if (edit.title !== undefined && edit.title.trim() !== issue.title) set("title", "title", edit.title, issue.title);
  if (edit.body !== undefined && !known.isSameText(edit.body, issue.body)) set("body", "description", edit.body, null);
  set("state", "stateId", edit.stateId, issue.stateId);
  if (edit.nativePriority !== undefined)
    set("priority", "priority", toPriority(edit.nativePriority), toPriority(issue.nativePriority));
  set("cycle", "cycleId", edit.cycleId, issue.cycleId);
  set("due date", "dueDate", edit.dueDate, issue.dueDate);
  set("estimate", "estimate", checkEstimate(edit.estimate), issue.estimate);
  set("parent", "parentId", edit.parent === null ? null : edit.parent?.nativeId, issue.parentId);
  set("assignee", "assigneeId", toAssignee(issue.assigneeIds, edit), issue.assigneeIds[0] ?? null);

  const present = new Set(issue.labelIds);
  const idOf = ({ id }: LabelRef) => {
    const name = newLabelName(id);
    return name === null ? id : known.labelId(name);
  };
  const addLabels = (edit.addLabels ?? []).filter((label) => !present.has(idOf(label) ?? ""));
  const removeLabels = (edit.removeLabels ?? []).map(idOf).filter((id) => id !== undefined && present.has(id));
  if (addLabels.length > 0 || removeLabels.length > 0) names.push("labels");
  if (names.length === 0) return [];
  const request: EditRequest = {
    input,
    addLabels: addLabels.map(({ id, name }) => ({ id, name })),
    removeLabelIds: removeLabels.flatMap((id) => (id === undefined ? [] : [id])),
  };
  return [
    {
      name: `set ${names.join(", ")}`,
      request,
      ...(edit.stateId === undefined || edit.stateId === issue.stateId ? {} : { stateAfter: edit.stateId }),
    },
  ];
}

/** Linear's priorities are 0 to 4; null becomes 0. */
export function toPriority(nativePriority: string | null): number {
  const priority = nativePriority === null ? 0 : Number(nativePriority);
  if (Number.isInteger(priority) && priority >= 0 && priority <= 4) return priority;
  throw new PanopticonError("invalid_input", `"${nativePriority}" is not a priority in Linear.`, {
    tracker: "linear",
    candidates: ["0", "1", "2", "3", "4"],
    hint: "Linear has the priorities 0 (none), 1 (urgent), 2 (high), 3 (medium) and 4 (low).",
  });
}

/** Only whole points; Linear checks whether they are on the team's scale. */
export function checkEstimate<T extends number | null | undefined>(estimate: T): T {
  if (estimate === null || estimate === undefined || Number.isInteger(estimate)) return estimate;
  throw new PanopticonError("invalid_input", `Linear's estimates are whole numbers, not ${estimate}.`, {
    tracker: "linear",
    hint: "Use a whole number of points.",
  });
}

/** At most one person: a new assignee replaces the previous one. Undefined: no change. */
function toAssignee(present: readonly string[], edit: NativeEdit): string | null | undefined {
  const { addAssignees = [], removeAssignees = [] } = edit;
  const [added] = addAssignees;
  if (addAssignees.length > 1) throw tooManyAssignees();
  if (added !== undefined) return added;
  return removeAssignees.some((id) => present.includes(id)) ? null : undefined;
}

export function tooManyAssignees(): PanopticonError {
  return new PanopticonError("invalid_input", "An issue in Linear can have only one assignee.", {
    tracker: "linear",
    hint: "Choose one of them.",
  });
}

function refuseForeign(edit: NativeEdit, issue: NativeIssue): void {
  const unsupported = (message: string, hint: string) =>
    new PanopticonError("unsupported", message, { tracker: "linear", hint });
  if (edit.type !== undefined && edit.type !== issue.type)
    throw unsupported("Linear has only one type of issue.", "Use a label to tell them apart.");
  if (edit.transition !== undefined)
    throw unsupported("Moves in Linear have no transitions.", "Leave the transition out and give only the status.");
  const [field] = Object.keys(edit.fields ?? {});
  if (field !== undefined)
    throw unsupported(`Linear has no field "${field}".`, "Leave it out: Linear has no custom fields.");
}
