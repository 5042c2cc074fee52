import { z } from "zod";
import { PanopticonError } from "../../../domain/error.ts";
import type { NativeIssue } from "../../../domain/issue.ts";
import { type LabelRef, newLabelName } from "../../../domain/operation.ts";
import type { NativeEdit, Source, WriteStep } from "../../tracker.ts";
import type { ProjectMemory } from "../memory.ts";
import { isSameText, toNativeText } from "../text/native-text.ts";
import { toStatusGid } from "../status-ids.ts";
import { toAssigneeIds } from "./assignees.ts";
import { cycleNumber, dayOf, labelNamesOf, refuseForeign, typeOf, weightOf } from "./write-values.ts";

/** A planned request as stored on disk: a REST request for nearly everything, or a GraphQL request for what REST cannot change. */
export const StepRequest = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("update"),
    body: z.record(z.string(), z.unknown()),
    assignees: z.object({ come: z.array(z.string()), leave: z.array(z.string()) }).optional(),
  }),
  z.object({ kind: z.literal("work_item"), input: z.record(z.string(), z.unknown()) }),
]);
export type StepRequest = z.infer<typeof StepRequest>;

type Parameters = Record<string, unknown>;

/**
 * The requests of an edit: one REST request for everything REST can change, including added and removed labels; one GraphQL request for a status, a parent and
 * an iteration. If both are needed, additions go first. Throws `unsupported` and `invalid_input`.
 */
export function planEdit(
  source: Source,
  issue: NativeIssue,
  edit: NativeEdit,
  project: ProjectMemory,
  web: string,
): readonly WriteStep[] {
  refuseForeign(edit);
  const labels = planLabels(issue, edit, project);
  const state = planState(issue, edit);
  const cycle = planCycle(issue, edit);
  const body: Parameters = {
    ...planTexts(source, issue, edit, web),
    ...labels.body,
    ...(edit.dueDate === undefined || edit.dueDate === issue.dueDate ? {} : { due_date: dayOf(edit.dueDate) }),
    ...(edit.estimate === undefined || edit.estimate === issue.estimate ? {} : { weight: weightOf(edit.estimate) }),
    ...(edit.type === undefined || edit.type === issue.type ? {} : { issue_type: typeOf(edit.type) }),
    ...cycle.body,
    ...state.body,
  };
  const assignees = planAssignees(issue, edit, project);
  const input: Parameters = { ...state.input, ...planParent(issue, edit), ...cycle.input };
  const stateAfter = edit.stateId === undefined ? {} : { stateAfter: edit.stateId };
  const update: WriteStep[] =
    isEmpty(body) && assignees === null
      ? []
      : [
          {
            name: nameOf({ ...body, ...(assignees === null ? {} : { assignee_ids: [] }) }),
            request: { kind: "update", body, ...(assignees === null ? {} : { assignees }) },
            ...(state.body === undefined ? {} : stateAfter),
          },
        ];
  const workItem: WriteStep[] = isEmpty(input)
    ? []
    : [
        {
          name: nameOf(input),
          request: { kind: "work_item", input },
          ...(state.input === undefined ? {} : stateAfter),
        },
      ];
  return labels.removes ? [...workItem, ...update] : [...update, ...workItem];
}

function planTexts(source: Source, issue: NativeIssue, { title, body }: NativeEdit, web: string): Parameters {
  const mark = issue.version === null ? null : { id: issue.version };
  return {
    ...(title === undefined || title === issue.title ? {} : { title }),
    ...(body === undefined || isSameText(body, issue.body, web)
      ? {}
      : { description: toNativeText(body, { web, projectId: source.nativeId }, mark) }),
  };
}

function planLabels(
  issue: NativeIssue,
  edit: NativeEdit,
  project: ProjectMemory,
): { readonly body: Parameters; readonly removes: boolean } {
  const own = new Set(issue.labelIds.map((id) => project.labels.byId(id)?.name ?? newLabelName(id)));
  // A new label may have been created since, so it is matched by name.
  const isThere = ({ id, name }: LabelRef) => issue.labelIds.includes(id) || own.has(name);
  const come = (edit.addLabels ?? []).filter((label) => !isThere(label));
  const leave = (edit.removeLabels ?? []).filter(isThere);
  return {
    body: {
      ...(come.length > 0 ? { add_labels: labelNamesOf(come) } : {}),
      ...(leave.length > 0 ? { remove_labels: labelNamesOf(leave) } : {}),
    },
    removes: leave.length > 0,
  };
}

/** Added and removed people; GitLab expects the complete list, which is computed when the step is sent. null if there are none. */
function planAssignees(
  issue: NativeIssue,
  edit: NativeEdit,
  project: ProjectMemory,
): { readonly come: readonly string[]; readonly leave: readonly string[] } | null {
  const come = (edit.addAssignees ?? []).filter((id) => !issue.assigneeIds.includes(id));
  const leave = (edit.removeAssignees ?? []).filter((id) => issue.assigneeIds.includes(id));
  if (come.length + leave.length === 0) return null;
  const stranger = come.find((id) => project.people?.has(id) === false || !/^\d+$/.test(id));
  if (stranger !== undefined) {
    throw new PanopticonError("invalid_input", `The person ${stranger} is not a member of the project on GitLab.`, {
      tracker: "gitlab",
      hint: "They may have left it; choose someone else.",
      field: "assignees",
    });
  }
  toAssigneeIds(issue.assigneeIds, { come, leave }, project);
  return { come, leave };
}

function planState(
  issue: NativeIssue,
  { stateId }: NativeEdit,
): { readonly body?: Parameters; readonly input?: Parameters } {
  if (stateId === undefined || stateId === issue.stateId) return {};
  if (stateId === "closed") return { body: { state_event: "close" } };
  if (stateId === "opened") return { body: { state_event: "reopen" } };
  const status = toStatusGid(stateId);
  if (status !== null) return { input: { statusWidget: { status } } };
  throw new PanopticonError("invalid_input", `GitLab has no state "${stateId}".`, {
    tracker: "gitlab",
    candidates: ["opened", "closed"],
    field: "status",
  });
}

function planParent(issue: NativeIssue, { parent }: NativeEdit): Parameters {
  if (parent === undefined || (parent?.nativeId ?? null) === issue.parentId) return {};
  const parentId = parent === null ? null : `gid://gitlab/WorkItem/${parent.nativeId}`;
  return { hierarchyWidget: { parentId } };
}

/** The cycle shown is the iteration if there is one, else the milestone; so setting another milestone, or none, also removes the iteration. */
function planCycle(
  issue: NativeIssue,
  { cycleId }: NativeEdit,
): { readonly body?: Parameters; readonly input?: Parameters } {
  if (cycleId === undefined || cycleId === issue.cycleId) return {};
  const iteration = cycleId === null ? null : cycleNumber(cycleId, "iteration");
  if (iteration !== null) return { input: { iterationWidget: { iterationId: `gid://gitlab/Iteration/${iteration}` } } };
  const milestone = cycleId === null ? null : cycleNumber(cycleId, "milestone");
  if (cycleId !== null && milestone === null) {
    throw new PanopticonError("invalid_input", `GitLab has no milestone or iteration "${cycleId}".`, {
      tracker: "gitlab",
      field: "cycle",
    });
  }
  if (issue.cycleId?.startsWith("iteration:") !== true) return { body: { milestone_id: milestone ?? 0 } };
  const milestoneId = milestone === null ? null : `gid://gitlab/Milestone/${milestone}`;
  return { input: { iterationWidget: { iterationId: null }, milestoneWidget: { milestoneId } } };
}

function isEmpty(parameters: Parameters): boolean {
  return Object.keys(parameters).length === 0;
}

const names: Readonly<Record<string, string>> = {
  add_labels: "add labels",
  remove_labels: "remove labels",
  assignee_ids: "assign",
  description: "edit",
  due_date: "set due date",
  hierarchyWidget: "set parent",
  issue_type: "set type",
  iterationWidget: "set cycle",
  milestone_id: "set cycle",
  milestoneWidget: "set cycle",
  statusWidget: "set status",
  title: "edit",
  weight: "set estimate",
};

/** A description of the request for people: `close, add labels`. */
function nameOf(parameters: Parameters): string {
  const event = parameters["state_event"];
  const parts = Object.keys(parameters).flatMap((name) => names[name] ?? []);
  return [...new Set([...(typeof event === "string" ? [event] : []), ...parts])].join(", ");
}
