import type { WireReply, WireRequest } from "../server/http-server.ts";
import { canPlan, canSee } from "./access.ts";
import { readBody } from "./body-params.ts";
import type { Issue, IssueLink, Project } from "./records.ts";
import { jsonReply, noRoute, notFound, projectNotFound, refused } from "./replies.ts";
import type { RouteContext } from "./route-context.ts";
import { changeIssue, findProject, linkIssues, unlinkIssues } from "./state.ts";

/** Below `…/issues/:iid/links`: creates and deletes a link. https://docs.gitlab.com/api/issue_links/ */
export function linkRoutes(
  context: RouteContext,
  issue: Issue,
  request: WireRequest,
  [id, ...rest]: readonly string[],
): WireReply {
  if (rest.length > 0) return noRoute();
  if (id === undefined) return request.method === "POST" ? createLink(context, issue, request) : noRoute();
  const link = issue.links.find((one) => String(one.id) === id);
  if (link === undefined) return notFound();
  if (request.method === "GET") return jsonReply(200, context.wire.link(link, issue));
  if (request.method !== "DELETE") return noRoute();
  if (!canPlan(context.account)) return refused(404, "No Issue Link found");
  unlinkIssues(link);
  touchBoth(context, link);
  return jsonReply(200, context.wire.link(link, issue));
}

function createLink(context: RouteContext, issue: Issue, request: WireRequest): WireReply {
  const { state, account } = context;
  const body = readBody(request);
  if ("status" in body) return body;
  body.require("target_project_id");
  body.require("target_issue_iid");
  const projectId = body.text("target_project_id") ?? "";
  const iid = body.text("target_issue_iid") ?? "";
  const known = ["relates_to", ...(context.edition.isFree ? [] : (["blocks", "is_blocked_by"] as const))] as const;
  const type = body.choice("link_type", known) ?? "relates_to";
  const refusal = body.refusal();
  if (refusal !== null) return refusal;
  const project = targetProject(context, projectId);
  if (project === undefined || !canSee(account, project)) return projectNotFound();
  const target = project.issues.get(Number(iid));
  if (target === undefined) return notFound();
  if (type !== "relates_to" && issue.project.iterations.length === 0) {
    return refused(403, "Blocked issues not available for current license");
  }
  // Whatever the existing link's type.
  if (issue.links.some(({ from, to }) => from === target || to === target)) {
    return refused(409, "Issue(s) already assigned");
  }
  if (!canPlan(account)) {
    return refused(404, "No matching issue found. Make sure that you are adding a valid issue URL.");
  }
  if (target === issue) {
    return refused(422, `#${target.iid} cannot be added: cannot be related to itself`);
  }
  const [from, to] = type === "is_blocked_by" ? [target, issue] : [issue, target];
  const link: IssueLink = {
    id: state.nextId(),
    from,
    to,
    type: type === "relates_to" ? type : "blocks",
    createdAt: state.now(),
  };
  linkIssues(link);
  touchBoth(context, link);
  return jsonReply(201, context.wire.link(link, issue));
}

/** GitLab adds a system note about the link to both issues, which updates their time. */
function touchBoth({ state }: RouteContext, { from, to }: IssueLink): void {
  for (const end of [from, to]) changeIssue(end, state.now(), () => undefined);
}

function targetProject({ state }: RouteContext, id: string): Project | undefined {
  return /^\d+$/.test(id) ? state.projects.find((one) => String(one.id) === id) : findProject(state, id);
}
