import type { WireReply, WireRequest } from "../server/http-server.ts";
import { canSee } from "./access.ts";
import { readBody } from "./read-body.ts";
import type { Issue } from "./records.ts";
import { docs, jsonReply, messageReply, notFound } from "./replies.ts";
import type { RouteContext } from "./route-context.ts";
import { changeIssue } from "./state.ts";
import { canPush, refuseToken } from "./write-access.ts";

const maxChildren = 100;
const deepest = 8;
const maxBlockers = 50;

/** `POST …/issues/{n}/sub_issues` adds a child, `DELETE …/sub_issue` removes one. Both respond with the parent, which is this issue. */
export function changeChildren(context: RouteContext, parent: Issue, request: WireRequest): WireReply {
  const refused = refuse(context, parent, docs.subIssues);
  if (refused) return refused;
  const shape = { sub_issue_id: ["integer"], replace_parent: ["boolean", "null"] } as const;
  const read = readBody(request, shape, ["sub_issue_id"], docs.subIssues);
  if ("refusal" in read) return read.refusal;
  const child = findIssue(context, read.body["sub_issue_id"]);
  if (child === null) {
    return request.method === "DELETE"
      ? notFound(docs.subIssues)
      : messageReply(404, "The provided sub-issue does not exist", docs.subIssues);
  }
  const fail = (message: string) =>
    messageReply(422, `An error occurred while adding the sub-issue to the parent issue. ${message}`, docs.subIssues);
  const done = (status: number) =>
    jsonReply(status, context.wire.issue(parent, { version: context.version, alone: true }));
  if (request.method === "DELETE") {
    if (child.parent !== parent) return notFound(docs.subIssues);
    detach(context, child);
    return done(200);
  }
  if (child === parent || isBelow(parent, child)) return fail("Sub issue may not create a circular dependency");
  if (child.parent === parent) {
    return fail("Issue may not contain duplicate sub-issues and Sub issue may only have one parent");
  }
  if (child.parent !== null && read.body["replace_parent"] !== true) {
    return fail("Sub issue may only have one parent");
  }
  if (parent.children.length >= maxChildren) return fail(`Parent cannot have more than ${maxChildren} sub-issues`);
  if (depthOf(parent) + heightOf(child) >= deepest) return fail(`Sub-issues may be at most ${deepest} layers deep`);
  if (child.parent !== null) detach(context, child);
  stamp(context, child, (one) => {
    one.parent = parent;
  });
  changeChildrenOf(parent, () => parent.children.push(child));
  return done(201);
}

/** `POST …/dependencies/blocked_by` and `DELETE …/blocked_by/{id}`. Both respond with the blocked issue. */
export function changeBlockers(context: RouteContext, issue: Issue, request: WireRequest, id?: string): WireReply {
  const refused = refuse(context, issue, docs.dependencies);
  if (refused) return refused;
  const done = (status: number) =>
    jsonReply(status, context.wire.issue(issue, { version: context.version, alone: true }));
  if (request.method === "DELETE") {
    const blocker = findIssue(context, Number(id));
    if (blocker === null || !issue.blockedBy.includes(blocker)) return notFound(docs.dependencies);
    stamp(context, issue, (one) => one.blockedBy.splice(one.blockedBy.indexOf(blocker), 1));
    stamp(context, blocker, (one) => one.blocking.splice(one.blocking.indexOf(issue), 1));
    return done(200);
  }
  const read = readBody(request, { issue_id: ["integer"] }, ["issue_id"], docs.dependencies);
  if ("refusal" in read) return read.refusal;
  const blocker = findIssue(context, read.body["issue_id"]);
  const fail = (message: string) => messageReply(422, `Validation failed: ${message}`, docs.dependencies);
  if (blocker === null) return notFound(docs.dependencies);
  if (blocker.isPull) return fail("Target issue may only be an issue");
  if (blocker === issue) return fail("Issue may not be blocked by itself");
  if (issue.blockedBy.includes(blocker)) return fail("Target issue has already been taken");
  if (blocker.blockedBy.includes(issue)) return fail("Issue may not create a circular dependency");
  if (issue.blockedBy.length >= maxBlockers) return fail(`Issue may have at most ${maxBlockers} blockers`);
  stamp(context, issue, (one) => one.blockedBy.push(blocker));
  stamp(context, blocker, (one) => one.blocking.push(issue));
  return done(201);
}

function refuse({ account }: RouteContext, issue: Issue, documentation: string): WireReply | null {
  const refused = refuseToken(account, issue.repo, documentation);
  if (refused) return refused;
  return canPush(account) ? null : messageReply(403, "Must have admin rights to Repository.", documentation);
}

function findIssue({ state, account }: RouteContext, id: unknown): Issue | null {
  const issue = state.issuesById.get(Number(id));
  return issue !== undefined && canSee(account, issue.repo) ? issue : null;
}

function detach(context: RouteContext, child: Issue): void {
  const { parent } = child;
  if (parent === null) return;
  changeChildrenOf(parent, () => parent.children.splice(parent.children.indexOf(child), 1));
  stamp(context, child, (one) => {
    one.parent = null;
  });
}

/** A change of children keeps the parent's update time: https://github.com/neomjs/neo/issues/7947 */
function changeChildrenOf(parent: Issue, change: () => unknown): void {
  change();
  parent.repo.version += 1;
}

function stamp(context: RouteContext, issue: Issue, change: (issue: Issue) => unknown): void {
  changeIssue(issue, context.state.stamp(), (one) => {
    change(one);
  });
}

function isBelow(issue: Issue, above: Issue): boolean {
  for (let at: Issue | null = issue.parent; at !== null; at = at.parent) if (at === above) return true;
  return false;
}

function depthOf(issue: Issue): number {
  return issue.parent === null ? 0 : 1 + depthOf(issue.parent);
}

function heightOf(issue: Issue): number {
  return issue.children.reduce((height, child) => Math.max(height, 1 + heightOf(child)), 0);
}
