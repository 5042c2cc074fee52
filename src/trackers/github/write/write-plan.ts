import { z } from "zod";
import { PanopticonError } from "../../../domain/error.ts";
import type { NativeIssue } from "../../../domain/issue.ts";
import { type LabelRef, newLabelName } from "../../../domain/operation.ts";
import type { NativeEdit, Source, WriteStep } from "../../tracker.ts";
import { withMarker } from "../../comment-mark.ts";
import { mostAssignees } from "../limits.ts";
import { githubStates } from "../mapping.ts";
import { toTypeName } from "../types.ts";

const Patch = z.object({
  title: z.string().optional(),
  body: z.string().optional(),
  state: z.enum(["open", "closed"]).optional(),
  state_reason: z.string().optional(),
  type: z.string().nullable().optional(),
});

/** A planned request as stored on disk. Logins and milestone numbers are resolved when it is sent. */
export const StepRequest = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("add_labels"), names: z.array(z.string()) }),
  z.object({ kind: z.literal("remove_label"), name: z.string() }),
  z.object({ kind: z.literal("assign"), ids: z.array(z.string()) }),
  z.object({ kind: z.literal("unassign"), ids: z.array(z.string()) }),
  z.object({ kind: z.literal("patch"), patch: Patch, milestoneId: z.string().nullable().optional() }),
  z.object({ kind: z.literal("set_parent"), repository: z.string(), key: z.string() }),
  z.object({ kind: z.literal("end_parent"), repository: z.string(), key: z.string() }),
]);
export type StepRequest = z.infer<typeof StepRequest>;

type Step = Omit<WriteStep, "request"> & { readonly request: StepRequest };

/**
 * The requests of an edit: additions first, removals last, so that an interruption never leaves an issue without a status label. Within that order, requests
 * that return the whole issue come late. Throws `unsupported` and `invalid_input`.
 */
export function planEdit(
  source: Source,
  issue: NativeIssue,
  edit: NativeEdit,
  /** A label's name by its id, if it was read. */
  labelOf: (id: string) => string | undefined,
): Step[] {
  refuseForeign(edit);
  const own = new Set(issue.labelIds.map((id) => labelOf(id)?.toLowerCase()));
  // A new label may have been created since, so it is matched by name.
  const isThere = ({ id, name }: LabelRef) =>
    issue.labelIds.includes(id) || (newLabelName(id) !== null && own.has(name.toLowerCase()));
  const newLabels = (edit.addLabels ?? []).filter((label) => !isThere(label)).map(({ name }) => name);
  const oldLabels = (edit.removeLabels ?? []).filter(isThere);
  const assignees = planAssignees(issue, edit);
  return [
    ...(newLabels.length > 0 ? [toStep("add labels", { kind: "add_labels", names: newLabels })] : []),
    ...assignees.first,
    ...planParent(source, issue, edit),
    ...planPatches(issue, edit),
    ...oldLabels.map(({ name }) => toStep("remove label", { kind: "remove_label", name })),
    ...assignees.last,
  ];
}

function toStep(name: string, request: StepRequest, stateAfter?: string): Step {
  return { name, request, ...(stateAfter === undefined ? {} : { stateAfter }) };
}

function refuseForeign(edit: NativeEdit): void {
  const [own] = Object.keys(edit.fields ?? {});
  const foreign = [
    { field: "dueDate", words: "due date", value: edit.dueDate },
    { field: "estimate", words: "estimate", value: edit.estimate },
    { field: "priority", words: "priority besides its labels", value: edit.nativePriority },
    { field: own, words: `field "${own}"`, value: own },
  ].find(({ value }) => value !== undefined && value !== null);
  if (foreign === undefined) return;
  throw new PanopticonError("unsupported", `Issues on GitHub have no ${foreign.words}.`, {
    tracker: "github",
    field: foreign.field,
    hint: "Leave it out.",
  });
}

function planAssignees(issue: NativeIssue, edit: NativeEdit): { first: Step[]; last: Step[] } {
  const come = (edit.addAssignees ?? []).filter((id) => !issue.assigneeIds.includes(id));
  const leave = (edit.removeAssignees ?? []).filter((id) => issue.assigneeIds.includes(id));
  const assign = come.length > 0 ? [toStep("assign", { kind: "assign", ids: come })] : [];
  const unassign = leave.length > 0 ? [toStep("unassign", { kind: "unassign", ids: leave })] : [];
  const together = issue.assigneeIds.length + come.length;
  if (come.length > 0 && together - leave.length > mostAssignees) {
    throw new PanopticonError("invalid_input", `An issue on GitHub can have at most ${mostAssignees} assignees.`, {
      tracker: "github",
      field: "assignees",
      hint: "Unassign someone first.",
    });
  }
  // If all slots are taken, the old assignees have to be removed before new ones are added.
  return together > mostAssignees ? { first: [...unassign, ...assign], last: [] } : { first: assign, last: unassign };
}

function planPatches(issue: NativeIssue, edit: NativeEdit): Step[] {
  const isChanged = <Key extends "body" | "type">(key: Key) => edit[key] !== undefined && edit[key] !== issue[key];
  const patch: z.infer<typeof Patch> = {
    // GitHub trims titles.
    ...(edit.title !== undefined && edit.title.trim() !== issue.title.trim() ? { title: edit.title } : {}),
    ...(isChanged("body") ? { body: bodyOf(issue, edit.body ?? "") } : {}),
    ...(isChanged("type") ? { type: toTypeName(edit.type ?? "") } : {}),
  };
  const milestone = edit.cycleId !== undefined && edit.cycleId !== issue.cycleId ? { milestoneId: edit.cycleId } : {};
  const toPatch = (more: z.infer<typeof Patch>): StepRequest => ({
    kind: "patch",
    patch: { ...patch, ...more },
    ...milestone,
  });
  const target = edit.stateId === undefined || edit.stateId === issue.stateId ? null : edit.stateId;
  if (target === null) {
    const isEmpty = Object.keys(patch).length === 0 && !("milestoneId" in milestone);
    return isEmpty ? [] : [toStep("edit", toPatch({}))];
  }
  if (!githubStates.some(({ id }) => id === target)) {
    throw new PanopticonError("invalid_input", `GitHub has no state "${target}".`, {
      tracker: "github",
      field: "status",
      candidates: githubStates.map(({ id }) => id),
      hint: `Available: ${githubStates.map(({ name }) => name).join(", ")}.`,
    });
  }
  const reopened = { state: "open", state_reason: "reopened" } as const;
  const closed = { state: "closed", state_reason: target.replace("closed:", "") } as const;
  if (target === "open") return [toStep("reopen", toPatch(reopened), target)];
  if (issue.stateId === "open") return [toStep("close", toPatch(closed), target)];
  // The reason is "ignored unless `state` is changed": https://docs.github.com/en/rest/issues/issues#update-an-issue
  return [toStep("reopen", toPatch(reopened), "open"), toStep("close", { kind: "patch", patch: closed }, target)];
}

/** Keeps the mark of the operation that created the issue, so that a duplicate is recognized. */
function bodyOf(issue: NativeIssue, body: string): string {
  return issue.version === null ? body : withMarker(body, { id: issue.version });
}

function planParent(source: Source, issue: NativeIssue, { parent }: NativeEdit): Step[] {
  if (parent === undefined) return [];
  const present = issue.parentKey == null ? null : parentOf(source, issue.parentKey);
  if (parent === null) return present === null ? [] : [toStep("end parent", { kind: "end_parent", ...present })];
  // Undo restores the parent as the child named it.
  const isNamed = parent.key === "" && parent.nativeId.includes("#");
  const wanted = isNamed ? parentOf(source, parent.nativeId) : { repository: parent.sourceKey, key: parent.key };
  if (present !== null && isSame(present, wanted)) return [];
  if (wanted.key === "") {
    throw new PanopticonError("invalid_input", `The issue ${parent.nativeId} is not mirrored here.`, {
      tracker: "github",
      field: "parent",
      hint: "Only issues in repositories listed in projects.yaml can be parents.",
    });
  }
  return [toStep("set parent", { kind: "set_parent", ...wanted })];
}

/** `#12` is in the issue's own repository, `owner/repo#12` in another one. */
function parentOf(source: Source, parentKey: string): { repository: string; key: string } {
  const [, repository = "", number = ""] = /^(.*)#(\d+)$/.exec(parentKey) ?? [];
  return { repository: repository === "" ? source.key : repository, key: `#${number}` };
}

function isSame(a: { repository: string; key: string }, b: { repository: string; key: string }): boolean {
  return a.key === b.key && a.repository.toLowerCase() === b.repository.toLowerCase();
}
