import type { WireReply, WireRequest } from "../server/http-server.ts";
import { readRecord } from "./changes.ts";
import { createMeta } from "./create-meta.ts";
import { entityProperties } from "./entity-properties.ts";
import { may } from "./permissions.ts";
import type { Comment, Issue } from "./records.ts";
import { errorReply, jsonReply, pageOf, replies } from "./replies.ts";
import type { RouteContext } from "./route-context.ts";
import { editMeta } from "./screens.ts";
import { commentsOf } from "./seed-comments.ts";
import { findIssue } from "./state.ts";
import { transitionsOf } from "./transitions.ts";
import { addComment, deleteComment, editComment } from "./write-comments.ts";
import { apiOf, createIssue, editIssue, moveIssue } from "./write-issues.ts";

/** Handles everything below `issue`. */
export function issueRoute(context: RouteContext, request: WireRequest, parts: readonly string[]): WireReply {
  const { state, account } = context;
  const { method } = request;
  const [idOrKey = "", below, ...rest] = parts;
  if (parts.length === 0) return method === "POST" ? createIssue(context, request) : replies.deadLink();
  if (idOrKey === "createmeta") {
    return method === "GET" ? createMeta(context, request, parts.slice(1)) : replies.deadLink();
  }
  const issue = findIssue(state, idOrKey);
  if (issue === undefined || !account.sees(issue.project)) return replies.noIssue();
  if (below === "comment") return commentRoute(context, request, issue, rest);
  if (below === "properties") {
    const self = `${apiOf(context)}/issue/${issue.id}`;
    const mayWrite = may(account, issue.project, "EDIT_ISSUES");
    return entityProperties(request, { properties: issue.properties, self, mayWrite }, rest);
  }
  if (rest.length > 0) return replies.deadLink();
  switch (`${method} ${below ?? ""}`) {
    case "GET ":
      return readIssue(context, request, issue);
    case "PUT ":
      return editIssue(context, request, issue);
    case "GET editmeta":
      return jsonReply(200, { fields: editableFields(context, issue) });
    case "GET transitions":
      return jsonReply(200, transitionsOf(context, issue, request.query));
    case "POST transitions":
      return moveIssue(context, request, issue);
    default:
      return replies.deadLink();
  }
}

function readIssue(context: RouteContext, { query }: WireRequest, issue: Issue): WireReply {
  const expand = (query.get("expand") ?? "").split(",");
  const properties = query.get("properties")?.split(",") ?? [];
  return jsonReply(200, {
    ...context.wire.issue(issue, (query.get("fields") ?? "*all").split(","), properties),
    ...(expand.includes("editmeta") ? { editmeta: { fields: editableFields(context, issue) } } : {}),
  });
}

function editableFields(context: RouteContext, issue: Issue): Record<string, object> {
  return may(context.account, issue.project, "EDIT_ISSUES") ? editMeta(context, issue) : {};
}

function commentRoute(context: RouteContext, request: WireRequest, issue: Issue, parts: readonly string[]): WireReply {
  const { state, wire } = context;
  const [id, ...rest] = parts;
  if (rest.length > 0) return replies.deadLink();
  const comments = commentsOf(state, issue);
  const expand = (request.query.get("expand") ?? "").split(",");
  if (id !== undefined) {
    const comment = comments.find((one) => String(one.id) === id);
    if (request.method === "PUT") return editComment(context, request, issue, comment, id);
    if (request.method === "DELETE") return deleteComment(context, issue, comment, id);
    if (request.method !== "GET") return replies.deadLink();
    return comment === undefined ? replies.noComment(id) : jsonReply(200, wire.comment(issue, comment, expand));
  }
  if (request.method === "POST") return addComment(context, request, issue);
  if (request.method !== "GET") return replies.deadLink();
  const order = request.query.get("orderBy") ?? "created";
  if (!/^[+-]?created$/.test(order)) return errorReply(400, [`Invalid orderBy: ${order}`]);
  const sorted = order.startsWith("-") ? comments.toReversed() : comments;
  const { startAt, maxResults, total, values } = pageOf(request, sorted, 5_000);
  return jsonReply(200, {
    startAt,
    maxResults,
    total,
    comments: values.map((one) => wire.comment(issue, one, expand)),
  });
}

/** `POST comment/list` of Cloud, and a comment's properties. */
export function commentsRoute(context: RouteContext, request: WireRequest, parts: readonly string[]): WireReply {
  const { state, wire, account } = context;
  if (parts.length === 1 && parts[0] === "list" && request.method === "POST" && state.edition === "cloud") {
    const ids = readRecord(request.body)?.["ids"];
    if (!Array.isArray(ids) || ids.length === 0 || ids.length > 1_000 || ids.some((id) => typeof id !== "number")) {
      return replies.badPayload();
    }
    const expand = (request.query.get("expand") ?? "").split(",");
    const values = ids.flatMap((id) => {
      const found = findComment(context, String(id));
      return found === null ? [] : [wire.comment(found.issue, found.comment, expand)];
    });
    return jsonReply(200, { startAt: 0, maxResults: values.length, total: values.length, isLast: true, values });
  }
  const [id = "", word, ...rest] = parts;
  const found = word === "properties" ? findComment(context, id) : null;
  if (found === null) return word === "properties" ? replies.noComment(id) : replies.deadLink();
  const isOwn = found.comment.author === account.user && may(account, found.issue.project, "EDIT_OWN_COMMENTS");
  const about = {
    properties: found.comment.properties,
    self: `${apiOf(context)}/comment/${id}`,
    mayWrite: isOwn || may(account, found.issue.project, "EDIT_ALL_COMMENTS"),
  };
  return entityProperties(request, about, rest);
}

function findComment({ state, account }: RouteContext, id: string): { issue: Issue; comment: Comment } | null {
  for (const issue of state.issuesById.values()) {
    if (!account.sees(issue.project)) continue;
    const comment = commentsOf(state, issue).find((one) => String(one.id) === id);
    if (comment !== undefined) return { issue, comment };
  }
  return null;
}
