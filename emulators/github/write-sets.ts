import type { WireReply, WireRequest } from "../server/http-server.ts";
import { pageOf } from "./paging.ts";
import { namesOf, readBody } from "./read-body.ts";
import type { Issue, User } from "./records.ts";
import { docs, jsonReply, messageReply, validationFailed } from "./replies.ts";
import type { RouteContext } from "./route-context.ts";
import { changeIssue } from "./state.ts";
import { canPush, refuseStranger, refuseToken } from "./write-access.ts";
import { refuseLabelNames } from "./read-wish.ts";
import { toLabels } from "./write-issue.ts";

const maxLabels = 100;
const maxAssignees = 10;

/** `POST …/issues/{n}/labels` adds labels, `DELETE …/labels/{name}` removes one. Responds with the remaining labels. */
export function changeLabels(context: RouteContext, issue: Issue, request: WireRequest, name?: string): WireReply {
  const refused = refuseToken(context.account, issue.repo, docs.labels);
  if (refused) return refused;
  if (!canPush(context.account)) return messageReply(403, "Must have admin rights to Repository.", docs.labels);
  if (request.method === "DELETE" && name !== undefined) {
    const found = issue.labels.find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (found === undefined) return messageReply(404, "Label does not exist", docs.labels);
    stamp(context, issue, (one) => {
      one.labels = one.labels.filter((label) => label !== found);
    });
  } else {
    const read = readBody(request, { labels: ["array"] }, ["labels"], docs.labels);
    if ("refusal" in read) return read.refusal;
    const names = namesOf(read.body["labels"], "name") ?? [];
    const errors = refuseLabelNames(names);
    if (names.length === 0) errors.push({ resource: "Label", field: "name", code: "missing_field" });
    if (errors.length > 0) return validationFailed(errors, docs.labels);
    const labels = [...new Set([...issue.labels, ...toLabels(context, issue.repo, names)])];
    if (labels.length > maxLabels) {
      return validationFailed(
        [{ resource: "Issue", field: "labels", code: "custom", message: `labels: maximum is ${maxLabels}` }],
        docs.labels,
      );
    }
    if (labels.length > issue.labels.length) {
      stamp(context, issue, (one) => {
        one.labels = labels;
      });
    }
  }
  const page = pageOf(issue.labels, `${context.origin}/repositories/${issue.repo.id}/labels`, request);
  return jsonReply(
    200,
    page.items.map((label) => context.wire.label(issue.repo, label)),
  );
}

/** `POST` and `DELETE …/issues/{n}/assignees`. Unassignable people, and callers who may not assign, are silently ignored. */
export function changeAssignees(context: RouteContext, issue: Issue, request: WireRequest): WireReply {
  const { account, state } = context;
  const refused =
    refuseToken(account, issue.repo, docs.assignees) ??
    (canPush(account) ? null : refuseStranger(account, issue.user, docs.assignees));
  if (refused) return refused;
  const read = readBody(request, { assignees: ["array"] }, ["assignees"], docs.assignees);
  if ("refusal" in read) return read.refusal;
  const logins = namesOf(read.body["assignees"], "login") ?? [];
  const known = logins.flatMap((login): User[] => {
    const user = state.users.find((one) => one.login.toLowerCase() === login.toLowerCase());
    return user === undefined ? [] : [user];
  });
  const next =
    request.method === "POST"
      ? [...new Set([...issue.assignees, ...known])].slice(0, maxAssignees)
      : issue.assignees.filter((user) => !known.includes(user));
  if (canPush(account) && next.length !== issue.assignees.length) {
    stamp(context, issue, (one) => {
      one.assignees = next;
    });
  }
  const status = request.method === "POST" ? 201 : 200;
  return jsonReply(status, context.wire.issue(issue, { version: context.version }));
}

function stamp(context: RouteContext, issue: Issue, change: (issue: Issue) => void): void {
  changeIssue(issue, context.state.stamp(), change);
}
