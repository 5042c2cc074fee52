import { readClosingWords } from "../server/closing-words.ts";
import type { WireReply, WireRequest } from "../server/http-server.ts";
import { readBody } from "./body-params.ts";
import { editIssue } from "./edit-issue.ts";
import { type ListAddress, pageOf } from "./paging.ts";
import { createParams } from "./params.ts";
import type { MergeRequest, Project } from "./records.ts";
import { forbidden, invalidRecord, jsonReply, noRoute, notFound, refused } from "./replies.ts";
import type { RouteContext } from "./route-context.ts";
import { findProject } from "./state.ts";
import { mergeRequestJson } from "./wire-merge-request.ts";

/** Developers and above may push and open merge requests. https://docs.gitlab.com/user/permissions/#merge-requests */
const developer = 30;

/** `/projects/:id/merge_requests…`. https://docs.gitlab.com/api/merge_requests/ */
export function mergeRequestRoutes(
  context: RouteContext,
  project: Project,
  request: WireRequest,
  [iid, ...rest]: readonly string[],
): WireReply {
  followBranches(context, project);
  if (iid === undefined) {
    if (request.method === "POST") return create(context, project, request);
    return request.method === "GET" ? list(context, project, request) : noRoute();
  }
  const found = project.mergeRequests.find((one) => String(one.iid) === iid);
  if (found === undefined) return notFound();
  switch (`${request.method} ${rest.join("/")}`) {
    case "GET ":
      return jsonReply(200, mergeRequestJson(context, found));
    case "PUT ":
      return update(context, found, request);
    case "PUT merge":
      return merge(context, found, request);
    default:
      return noRoute();
  }
}

/** A push to a branch updates its open merge request. */
function followBranches({ state }: RouteContext, project: Project): void {
  if (project.git === null || project.mergeRequests.length === 0) return;
  const branches = project.git.branches();
  for (const one of project.mergeRequests) {
    const sha = branches.get(one.sourceBranch);
    if (one.state !== "opened" || sha === undefined || sha === one.sha) continue;
    one.sha = sha;
    one.updatedAt = state.now();
  }
}

function list(context: RouteContext, project: Project, request: WireRequest): WireReply {
  const params = createParams(request.query);
  const filter = params.choice("state", ["opened", "closed", "locked", "merged", "all"], "all");
  const order = params.choice("order_by", ["created_at", "updated_at", "title", "merged_at"], "created_at");
  const sort = params.choice("sort", ["asc", "desc"], "desc");
  const page = params.page();
  const [source, target] = [params.text("source_branch"), params.text("target_branch")];
  const refusal = params.refusal();
  if (refusal) return refusal;
  const sign = sort === "asc" ? 1 : -1;
  const time = (one: MergeRequest) => (order === "updated_at" ? one.updatedAt : one.createdAt);
  const found = project.mergeRequests
    .filter((one) => filter === "all" || one.state === filter)
    .filter((one) => source === null || one.sourceBranch === source)
    .filter((one) => target === null || one.targetBranch === target)
    .toSorted((a, b) => sign * (time(a) - time(b) || a.iid - b.iid));
  const url = `${context.api}/projects/${project.id}/merge_requests`;
  const address: ListAddress = { url, request, defaults: { id: String(project.id) } };
  return pageOf(found, page, address, (one) => mergeRequestJson(context, one));
}

function mayPush({ account }: RouteContext, project: Project): boolean {
  return !project.isArchived && account.accessLevel !== null && account.accessLevel >= developer;
}

/** https://docs.gitlab.com/api/merge_requests/#create-mr */
function create(context: RouteContext, project: Project, request: WireRequest): WireReply {
  const body = readBody(request);
  if ("status" in body) return body;
  for (const name of ["title", "source_branch", "target_branch"]) body.require(name);
  const [title, source, target] = [body.text("title"), body.text("source_branch"), body.text("target_branch")];
  const description = body.text("description");
  const refusal = body.refusal();
  if (refusal !== null) return refusal;
  if (!mayPush(context, project)) return forbidden();
  const branches = project.git?.branches() ?? new Map<string, string>();
  const missing = [
    ...(branches.has(source ?? "") ? [] : ["source_branch"]),
    ...(branches.has(target ?? "") ? [] : ["target_branch"]),
  ];
  // Stricter than GitLab, which accepts branches that do not exist yet.
  const invalid = invalidRecord({
    ...Object.fromEntries(missing.map((name) => [name, ["does not exist"]])),
    ...((title ?? "").trim() === "" ? { title: ["can't be blank"] } : {}),
    ...((title ?? "").length > 255 ? { title: ["is too long (maximum is 255 characters)"] } : {}),
  });
  if (invalid !== null) return invalid;
  if (source === target)
    return jsonReply(422, { message: ["You can't use same project/branch for source and target"] });
  const other = project.mergeRequests.find(
    (one) => one.state === "opened" && one.sourceBranch === source && one.targetBranch === target,
  );
  if (other !== undefined) {
    const words = `Another open merge request already exists for this source branch: !${other.iid}`;
    return jsonReply(409, { message: [words] });
  }
  const { state, account } = context;
  const at = state.now();
  const made: MergeRequest = {
    id: state.nextId(),
    iid: 1 + Math.max(0, ...project.mergeRequests.map((one) => one.iid)),
    project,
    title: title ?? "",
    description: description ?? null,
    author: account.user,
    sourceBranch: source ?? "",
    targetBranch: target ?? "",
    state: "opened",
    sha: branches.get(source ?? "") ?? null,
    mergeCommit: null,
    squashCommit: null,
    createdAt: at,
    updatedAt: at,
    closedAt: null,
    mergedAt: null,
    mergedBy: null,
  };
  project.mergeRequests.push(made);
  return jsonReply(201, mergeRequestJson(context, made));
}

/** https://docs.gitlab.com/api/merge_requests/#update-mr */
function update(context: RouteContext, one: MergeRequest, request: WireRequest): WireReply {
  const body = readBody(request);
  if ("status" in body) return body;
  const event = body.choice("state_event", ["close", "reopen"]);
  const title = body.text("title");
  const refusal = body.refusal();
  if (refusal !== null) return refusal;
  if (!mayPush(context, one.project)) return forbidden();
  const at = context.state.now();
  if (typeof title === "string") one.title = title;
  if (event === "close" && one.state === "opened") Object.assign(one, { state: "closed", closedAt: at });
  if (event === "reopen" && one.state === "closed") Object.assign(one, { state: "opened", closedAt: null });
  one.updatedAt = at;
  return jsonReply(200, mergeRequestJson(context, one));
}

/** https://docs.gitlab.com/api/merge_requests/#merge-a-merge-request */
function merge(context: RouteContext, one: MergeRequest, request: WireRequest): WireReply {
  const body = readBody(request);
  if ("status" in body) return body;
  const sha = body.text("sha");
  const squash = body.text("squash") === "true";
  const refusal = body.refusal();
  if (refusal !== null) return refusal;
  const { project } = one;
  if (!mayPush(context, project)) return refused(401, "401 Unauthorized");
  if (one.state !== "opened" || /^draft:/i.test(one.title)) return refused(405, "405 Method Not Allowed");
  if (typeof sha === "string" && sha !== one.sha) return refused(409, "SHA does not match HEAD of source branch: ");
  const how = squash ? "squash" : "merge";
  const commit = project.git?.merge(how, one.targetBranch, one.sourceBranch, one.title) ?? null;
  if (commit === null) return refused(422, "Branch cannot be merged");
  const at = context.state.now();
  const { user } = context.account;
  Object.assign(one, {
    state: "merged",
    mergedAt: at,
    updatedAt: at,
    mergedBy: user,
    mergeCommit: squash ? null : commit,
    squashCommit: squash ? commit : null,
  });
  if (one.targetBranch === "main") close(context, one);
  return jsonReply(200, mergeRequestJson(context, one));
}

/** A merge request merged into the default branch closes the issues its text names. */
function close({ state, account }: RouteContext, one: MergeRequest): void {
  for (const { source, number } of readClosingWords(one.description ?? "")) {
    const project = source === null ? one.project : findProject(state, source);
    const issue = project?.issues.get(number);
    if (issue?.state === "opened") editIssue(state, issue, { state: "closed" }, account.user);
  }
}
