import { GraphQLError } from "graphql";
import { type Account, canEdit, canPlan, canSee } from "../access.ts";
import { editIssue, type IssueChange } from "../edit-issue.ts";
import type { Issue, IssueType } from "../records.ts";
import type { GitLabState } from "../state.ts";
import type { Wire } from "../wire.ts";
import { numberIn, statusId, unavailable } from "./ids.ts";
import type { Age } from "./schema.ts";
import { hasWidget, toWorkItem } from "./work-items.ts";

export type UpdateInput = {
  readonly id: string;
  readonly hierarchyWidget?: { readonly parentId?: string | null };
  readonly iterationWidget?: { readonly iterationId?: string | null };
  readonly milestoneWidget?: { readonly milestoneId?: string | null };
  readonly statusWidget?: { readonly status?: string | null };
};

/** The permitted parent types of each type. https://docs.gitlab.com/user/work_items/ */
const parentTypes: Readonly<Record<IssueType, readonly IssueType[]>> = {
  issue: [],
  incident: [],
  test_case: [],
  task: ["issue", "incident"],
};

/** `workItemUpdate`: validation errors are sentences in the payload, a forbidden record is an error of the request. */
export function updateWorkItem(
  parts: { readonly state: GitLabState; readonly account: Account; readonly wire: Wire; readonly age: Age },
  input: UpdateInput,
): object {
  const { state, account } = parts;
  const issue = state.issuesById.get(numberIn(input.id, "WorkItem", "Issue"));
  const isAllowed =
    issue !== undefined &&
    account.scopes.includes("api") &&
    canSee(account, issue.project) &&
    canEdit(account, issue) &&
    !issue.project.isArchived;
  if (!isAllowed) throw new GraphQLError(unavailable);

  const missing = [
    input.iterationWidget === undefined || hasWidget(issue, "ITERATION") ? [] : [":iteration_widget"],
    input.statusWidget === undefined || hasWidget(issue, "STATUS") ? [] : [":status_widget"],
  ].flat();
  if (missing.length > 0) {
    const name = issue.type.replace(/^./, (letter) => letter.toUpperCase());
    return refuse(parts, issue, `Following widget keys are not supported by ${name} type: [${missing.join(", ")}]`);
  }
  const change = readChange(state, account, issue, input);
  if (typeof change === "string") return refuse(parts, issue, change);
  if (canPlan(account)) editIssue(state, issue, change, account.user);
  return { errors: [], workItem: toWorkItem(parts, issue) };
}

function refuse(parts: Parameters<typeof toWorkItem>[0], issue: Issue, words: string): object {
  return { errors: [words], workItem: toWorkItem(parts, issue) };
}

function readChange(state: GitLabState, account: Account, issue: Issue, input: UpdateInput): IssueChange | string {
  const { hierarchyWidget: hierarchy, iterationWidget: box, milestoneWidget: goal, statusWidget: status } = input;
  const change: { -readonly [Name in keyof IssueChange]: IssueChange[Name] } = {};
  if (hierarchy?.parentId === null) change.parent = null;
  else if (hierarchy?.parentId !== undefined) {
    const parent = state.issuesById.get(numberIn(hierarchy.parentId, "WorkItem", "Issue"));
    if (parent === undefined || !canSee(account, parent.project)) throw new GraphQLError(unavailable);
    if (!parentTypes[issue.type].includes(parent.type)) {
      return `#${issue.iid} cannot be added: it's not allowed to add this type of parent item`;
    }
    change.parent = parent;
  }
  if (box?.iterationId === null) change.iteration = null;
  else if (box?.iterationId !== undefined) {
    const number = numberIn(box.iterationId, "Iteration");
    const iteration = issue.project.iterations.find(({ id }) => id === number);
    if (iteration === undefined) throw new GraphQLError(unavailable);
    change.iteration = iteration;
  }
  if (goal?.milestoneId === null) change.milestone = null;
  else if (goal?.milestoneId !== undefined) {
    const number = numberIn(goal.milestoneId, "Milestone");
    const milestone = issue.project.milestones.find(({ id }) => id === number);
    if (milestone === undefined) throw new GraphQLError(unavailable);
    change.milestone = milestone;
  }
  if (status?.status != null) {
    const found = issue.project.statuses.find((one) => statusId(one) === status.status);
    if (found === undefined) throw new GraphQLError("Status doesn't exist.");
    change.status = found;
  }
  return change;
}
