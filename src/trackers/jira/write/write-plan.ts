import { z } from "zod";
import { PanopticonError } from "../../../domain/error.ts";
import type { NativeIssue } from "../../../domain/issue.ts";
import { newLabelName } from "../../../domain/operation.ts";
import type { NativeEdit, WriteStep } from "../../tracker.ts";
import { isSameText } from "../text/body-format.ts";
import { projectKeyOf } from "../refs.ts";

const Address = z.object({ nativeId: z.string(), key: z.string() });

/** A change of fields: one request. Absent fields stay unchanged. */
export const EditRequest = z.object({
  kind: z.literal("edit"),
  title: z.string().optional(),
  body: z.string().optional(),
  nativePriority: z.string().nullable().optional(),
  addLabels: z.array(z.string()).optional(),
  removeLabels: z.array(z.string()).optional(),
  assigneeId: z.string().nullable().optional(),
  cycleId: z.string().nullable().optional(),
  dueDate: z.string().nullable().optional(),
  estimate: z.number().nullable().optional(),
  parent: Address.nullable().optional(),
  type: z.string().optional(),
  fields: z.record(z.string(), z.unknown()).optional(),
});
export type EditRequest = z.infer<typeof EditRequest>;

/** A transition, looked up when the step is sent. */
export const MoveRequest = z.object({
  kind: z.literal("move"),
  stateId: z.string(),
  transition: z.string().optional(),
  fields: z.record(z.string(), z.unknown()).optional(),
});
export type MoveRequest = z.infer<typeof MoveRequest>;

export const StepRequest = z.discriminatedUnion("kind", [EditRequest, MoveRequest]);

/**
 * All fields go in one request, a move in another. For open issues the fields go before the move, for finished ones after it, because workflows may forbid
 * changes of finished issues. Labels of the old status are removed last.
 */
export function planEdit(issue: NativeIssue, edit: NativeEdit): readonly WriteStep[] {
  const fields = toEdit(issue, edit);
  const move = toMove(issue, edit);
  if (move === null) return Object.keys(fields).length === 0 ? [] : [editStep(fields)];
  if (issue.closedAt !== null) return [move, ...(Object.keys(fields).length === 0 ? [] : [editStep(fields)])];
  const { removeLabels, ...first } = fields;
  return [
    ...(Object.keys(first).length === 0 ? [] : [editStep(first)]),
    move,
    ...(removeLabels === undefined ? [] : [editStep({ removeLabels })]),
  ];
}

type Fields = Omit<EditRequest, "kind">;

function editStep(fields: Fields): WriteStep {
  const names = Object.keys(fields).map((name) => words[name as keyof Fields]);
  return { name: [...new Set(names)].join(", "), request: { kind: "edit", ...fields } };
}

const words: Readonly<Record<keyof Fields, string>> = {
  title: "title",
  body: "text",
  nativePriority: "priority",
  addLabels: "add labels",
  removeLabels: "remove labels",
  assigneeId: "assignee",
  cycleId: "sprint",
  dueDate: "due date",
  estimate: "estimate",
  parent: "parent",
  type: "type",
  fields: "fields",
};

function toMove(issue: NativeIssue, edit: NativeEdit): WriteStep | null {
  const { stateId, transition, fields } = edit;
  if (stateId === undefined || stateId === issue.stateId) return null;
  const request: MoveRequest = {
    kind: "move",
    stateId,
    ...(transition === undefined ? {} : { transition }),
    ...(fields === undefined ? {} : { fields: { ...fields } }),
  };
  return { name: "move", request, stateAfter: stateId };
}

function toEdit(issue: NativeIssue, edit: NativeEdit): Fields {
  const { title, body, nativePriority, cycleId, dueDate, estimate, type } = edit;
  const add = (edit.addLabels ?? []).map(({ id, name }) => newLabelName(id) ?? name);
  const missing = [...new Set(add)].filter((name) => !issue.labelIds.includes(name));
  const gone = (edit.removeLabels ?? []).map(({ name }) => name).filter((name) => issue.labelIds.includes(name));
  for (const name of missing) refuseBlanks(name);
  const assigneeId = toAssignee(issue, edit);
  const isMove = edit.stateId !== undefined && edit.stateId !== issue.stateId;
  return {
    ...(title !== undefined && title !== issue.title ? { title } : {}),
    ...(body !== undefined && !isSameText(body, issue.body) ? { body } : {}),
    ...(nativePriority !== undefined && nativePriority !== issue.nativePriority ? { nativePriority } : {}),
    ...(missing.length > 0 ? { addLabels: missing } : {}),
    ...(gone.length > 0 ? { removeLabels: gone } : {}),
    ...(assigneeId === undefined ? {} : { assigneeId }),
    ...(cycleId !== undefined && cycleId !== issue.cycleId ? { cycleId } : {}),
    ...(dueDate !== undefined && dueDate !== issue.dueDate ? { dueDate } : {}),
    ...(estimate !== undefined && estimate !== issue.estimate ? { estimate } : {}),
    ...(edit.parent !== undefined && !isParent(issue, edit.parent) ? { parent: toAddress(edit.parent) } : {}),
    ...(type !== undefined && type !== issue.type ? { type } : {}),
    // With a move, these are fields of the transition's screen.
    ...(edit.fields !== undefined && Object.keys(edit.fields).length > 0 && !isMove
      ? { fields: { ...edit.fields } }
      : {}),
  };
}

/** Labels are single words. https://support.atlassian.com/jira-software-cloud/docs/organize-work-with-labels/ */
function refuseBlanks(name: string): void {
  if (!/\s/.test(name)) return;
  throw new PanopticonError("invalid_input", `"${name}" cannot be a label in Jira: labels are single words.`, {
    tracker: "jira",
    field: "labels",
    hint: `Write it as ${name.trim().replace(/\s+/g, "-")}.`,
  });
}

/** There is one assignee: an added one replaces the previous one. */
function toAssignee(
  issue: NativeIssue,
  { addAssignees = [], removeAssignees = [] }: NativeEdit,
): string | null | undefined {
  const [present = null] = issue.assigneeIds;
  const added = addAssignees.at(-1);
  if (added !== undefined) return added === present ? undefined : added;
  return present !== null && removeAssignees.includes(present) ? null : undefined;
}

function isParent(issue: NativeIssue, parent: NonNullable<NativeEdit["parent"]> | null): boolean {
  const { parentId, parentKey = null } = issue;
  if (parent === null) return parentId === null && parentKey === null;
  if (parentId !== null) return parentId === parent.nativeId;
  return parentKey !== null && parentKey === projectKeyOf(parent.key) + parent.key;
}

function toAddress(parent: NonNullable<NativeEdit["parent"]> | null): z.infer<typeof Address> | null {
  return parent === null ? null : { nativeId: parent.nativeId, key: parent.key };
}
