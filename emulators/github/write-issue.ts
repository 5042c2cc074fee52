import type { WireReply, WireRequest } from "../server/http-server.ts";
import { type BodyShape, readBody } from "./read-body.ts";
import { readWish, type Wish } from "./read-wish.ts";
import type { Issue, Label, Repo } from "./records.ts";
import { docs, jsonReply, validationFailed } from "./replies.ts";
import type { RouteContext } from "./route-context.ts";
import { changeIssue, findOrCreateLabel, insertIssue, makeIssue, setIssueState } from "./state.ts";
import { authorOf, canPush, refuseStranger, refuseToken } from "./write-access.ts";

const maxAssignees = 10;

const createShape: BodyShape = {
  title: ["string", "integer"],
  body: ["string", "null"],
  assignee: ["string", "null"],
  assignees: ["array"],
  labels: ["array"],
  milestone: ["integer", "string", "null"],
  type: ["string", "null"],
};
const editShape: BodyShape = {
  ...createShape,
  title: ["string", "integer", "null"],
  state: ["string"],
  state_reason: ["string", "null"],
};

/** `POST /repos/{owner}/{repo}/issues` */
export function createIssue(context: RouteContext, repo: Repo, request: WireRequest): WireReply {
  const { account, state } = context;
  const refused = refuseToken(account, repo, docs.createIssue);
  if (refused) return refused;
  const read = readBody(request, createShape, ["title"], docs.createIssue);
  if ("refusal" in read) return read.refusal;
  const wish = readWish(context, repo, read.body);
  if ("errors" in wish) return validationFailed(wish.errors, docs.createIssue);
  const at = state.stamp();
  const issue = makeIssue(state, repo, at, authorOf(account));
  insertIssue(state, issue);
  changeIssue(issue, at, (one) => apply(context, one, wish, at));
  const reply = context.wire.issue(issue, { version: context.version, alone: true });
  return jsonReply(201, reply, { Location: `${context.origin}/repos/${repo.fullName}/issues/${issue.number}` });
}

/** `PATCH /repos/{owner}/{repo}/issues/{issue_number}` */
export function editIssue(context: RouteContext, issue: Issue, request: WireRequest): WireReply {
  const refused =
    refuseToken(context.account, issue.repo, docs.editIssue) ??
    refuseStranger(context.account, issue.user, docs.editIssue);
  if (refused) return refused;
  const read = readBody(request, editShape, [], docs.editIssue);
  if ("refusal" in read) return read.refusal;
  const wish = readWish(context, issue.repo, read.body);
  if ("errors" in wish) return validationFailed(wish.errors, docs.editIssue);
  const before = fingerprint(issue);
  const at = context.state.stamp();
  changeIssue(issue, issue.updatedAt, (one) => apply(context, one, wish, at));
  // A change without effect keeps the update time.
  if (fingerprint(issue) !== before) changeIssue(issue, at, () => {});
  return jsonReply(200, context.wire.issue(issue, { version: context.version, alone: true }));
}

function fingerprint(issue: Issue): string {
  const { title, body, state, stateReason, milestone, type } = issue;
  const sets = [issue.labels.map(({ id }) => id), issue.assignees.map(({ id }) => id)];
  return JSON.stringify([title, body, state, stateReason, milestone?.id, type?.id, sets]);
}

function apply(context: RouteContext, issue: Issue, wish: Wish, at: number): void {
  if (wish.title !== undefined) issue.title = wish.title;
  if (wish.body !== undefined) issue.body = wish.body === "" ? null : wish.body;
  if (canPush(context.account)) {
    if (wish.labels !== undefined) issue.labels = toLabels(context, issue.repo, wish.labels);
    if (wish.assignees !== undefined) issue.assignees = wish.assignees.slice(0, maxAssignees);
    if (wish.milestone !== undefined) issue.milestone = wish.milestone;
    if (wish.type !== undefined) issue.type = wish.type;
  }
  if (wish.state !== undefined) setIssueState(issue, wish.state, wish.reason ?? null, authorOf(context.account), at);
}

/** Missing labels are created. */
export function toLabels({ state }: RouteContext, repo: Repo, names: readonly string[]): Label[] {
  return [...new Set(names.map((name) => findOrCreateLabel(state, repo, name)))];
}
