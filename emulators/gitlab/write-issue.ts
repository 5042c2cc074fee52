import type { WireReply, WireRequest } from "../server/http-server.ts";
import { canEdit, canPlan } from "./access.ts";
import { type BodyParams, readBody } from "./body-params.ts";
import { editIssue, type IssueChange } from "./edit-issue.ts";
import { emptyIssue } from "./new-issue.ts";
import { extractCommands, type Command } from "./quick-actions.ts";
import { type Issue, issueTypes, type Project } from "./records.ts";
import { badRequest, forbidden, invalidRecord, jsonReply } from "./replies.ts";
import type { RouteContext } from "./route-context.ts";
import { runCommands } from "./run-commands.ts";
import { findOrCreateLabel, insertIssue } from "./state.ts";

const maxTitle = 255;
const maxDescription = 1_048_576;

/** An update must name at least one of these. */
const updatable = ["title", "description", "assignee_ids", "assignee_id", "milestone_id", "discussion_locked", "labels"]
  .concat(["add_labels", "remove_labels", "due_date", "confidential", "state_event", "issue_type", "weight"])
  .concat(["epic_id", "epic_iid", "health_status"]);

/** `POST /projects/:id/issues`. https://docs.gitlab.com/api/issues/#create-an-issue */
export function createIssue(context: RouteContext, project: Project, request: WireRequest): WireReply {
  const body = readBody(request);
  if ("status" in body) return body;
  body.require("title");
  const title = body.text("title");
  const asked = readChange(context, project, null, body);
  const refusal = body.refusal() ?? invalidRecord(problemsOf({ ...asked.change, title: title ?? "" }));
  if (refusal !== null) return refusal;
  if (project.isArchived) return forbidden();

  const { state, account } = context;
  const issue = emptyIssue(state, project, state.now(), account.user);
  insertIssue(state, issue);
  editIssue(state, issue, { ...asked.change, title: title ?? "" }, account.user);
  runCommands(state, issue, asked.commands, account.user);
  return jsonReply(201, shown(context, issue));
}

/** `PUT /projects/:id/issues/:iid`. https://docs.gitlab.com/api/issues/#update-an-issue */
export function updateIssue(context: RouteContext, issue: Issue, request: WireRequest): WireReply {
  const body = readBody(request);
  if ("status" in body) return body;
  if (!updatable.some((name) => body.has(name))) {
    return badRequest([`${updatable.join(", ")} are missing, at least one parameter must be provided`]);
  }
  const title = body.text("title");
  const event = body.choice("state_event", ["close", "reopen"]);
  const asked = readChange(context, issue.project, issue, body);
  const change: IssueChange = {
    ...asked.change,
    ...(title === undefined ? {} : { title: title ?? "" }),
    ...(event === undefined ? {} : { state: event === "close" ? "closed" : "opened" }),
  };
  const refusal = body.refusal();
  if (refusal !== null) return refusal;
  if (issue.project.isArchived || !canEdit(context.account, issue)) return forbidden();
  const invalid = invalidRecord(problemsOf(change));
  if (invalid !== null) return invalid;

  editIssue(context.state, issue, change, context.account.user);
  runCommands(context.state, issue, asked.commands, context.account.user);
  return jsonReply(200, shown(context, issue));
}

/** Labels are names; only lists include their details. */
function shown({ wire }: RouteContext, issue: Issue): object {
  return { ...wire.issue(issue, { withLabelsDetails: false }), subscribed: true };
}

/** The fields that creating and updating have in common. Fields the caller may not set, or the plan lacks, are silently dropped. */
function readChange(
  { state, account, edition }: RouteContext,
  project: Project,
  issue: Issue | null,
  body: BodyParams,
): { readonly change: IssueChange; readonly commands: readonly Command[] } {
  const text = body.text("description");
  const extracted = text == null ? null : extractCommands(text, edition.age !== "15");
  const labels = body.list("labels");
  const added = body.list("add_labels");
  const removed = body.list("remove_labels");
  const assignees = body.integers("assignee_ids");
  const milestone = body.integer("milestone_id");
  const day = body.text("due_date");
  const weight = body.integer("weight");
  const type = body.choice("issue_type", issueTypes);
  const isPaid = project.iterations.length > 0;
  if (typeof weight === "number" && weight < 0) body.refuse("weight does not have a valid value");
  // Missing labels are created, which a rejected request must not do.
  const isRefused = body.refusal() !== null;

  const own: IssueChange = {
    ...(text === undefined ? {} : { description: extracted?.text ?? null }),
    ...(type === undefined ? {} : { type }),
  };
  if (!canPlan(account) || isRefused) return { change: own, commands: extracted?.commands ?? [] };

  const label = (name: string) => findOrCreateLabel(state, project, name.slice(0, 255));
  const people = assignees?.flatMap((id) => state.users.find((user) => user.id === id) ?? []);
  const kept = (labels?.map(label) ?? issue?.labels ?? []).filter(({ name }) => removed?.includes(name) !== true);
  const relabeled = new Set([...kept, ...(added ?? []).map(label)]);
  return {
    change: {
      ...own,
      ...(labels === undefined && added === undefined && removed === undefined ? {} : { labels: [...relabeled] }),
      // Plans without multiple assignees use the first. People who may not read the issue are dropped; if nobody is left, nothing changes.
      ...(people === undefined || (people.length === 0 && assignees?.some((id) => id !== 0) === true)
        ? {}
        : { assignees: isPaid ? people : people.slice(0, 1) }),
      // An unknown id clears the milestone, as 0 does.
      ...(milestone === undefined ? {} : { milestone: project.milestones.find(({ id }) => id === milestone) ?? null }),
      ...(day === undefined ? {} : { dueDate: toDay(day) }),
      ...(weight === undefined || !isPaid ? {} : { weight }),
    },
    commands: extracted?.commands ?? [],
  };
}

/** An invalid date clears it. */
function toDay(text: string | null): string | null {
  const time = text === null ? Number.NaN : Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(time) ? null : new Date(time).toISOString().slice(0, 10);
}

function problemsOf({ title, description }: IssueChange): Readonly<Record<string, readonly string[]>> {
  return {
    ...(title === undefined ? {} : titleProblems(title)),
    ...(description != null && hasMoreThan(maxDescription, description)
      ? { description: [`is too long (maximum is ${maxDescription} characters)`] }
      : {}),
  };
}

function titleProblems(title: string): Readonly<Record<string, readonly string[]>> {
  if (title.trim() === "") return { title: ["can't be blank"] };
  return hasMoreThan(maxTitle, title) ? { title: [`is too long (maximum is ${maxTitle} characters)`] } : {};
}

/** Whether a text has more than `most` characters as Ruby counts them; avoids counting long texts unnecessarily. */
function hasMoreThan(most: number, text: string): boolean {
  return text.length > most && [...text].length > most;
}
