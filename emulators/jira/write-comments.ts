import type { WireReply, WireRequest } from "../server/http-server.ts";
import { readBody } from "./bodies.ts";
import { readProperties, readRecord } from "./changes.ts";
import { may, type Permission } from "./permissions.ts";
import type { Comment, Issue } from "./records.ts";
import { errorReply, jsonReply, replies } from "./replies.ts";
import type { RouteContext } from "./route-context.ts";
import { commentsOf } from "./seed-comments.ts";
import { changeIssue } from "./state.ts";
import { done } from "./write-issues.ts";

const known = ["body", "properties", "visibility"];

/** `POST issue/{id}/comment`. */
export function addComment(context: RouteContext, request: WireRequest, issue: Issue): WireReply {
  const { state, wire, account } = context;
  if (!may(account, issue.project, "ADD_COMMENTS")) {
    return errorReply(400, [], { comment: "You do not have the permission to comment on this issue." });
  }
  const read = readComment(context, request);
  if ("refusal" in read) return read.refusal;
  const at = state.now();
  const comment: Comment = {
    id: state.nextId(),
    author: account.user,
    updateAuthor: account.user,
    body: read.body,
    createdAt: at,
    updatedAt: at,
    properties: read.properties,
  };
  const comments = commentsOf(state, issue);
  changeIssue(state, issue, at, () => comments.push(comment));
  return jsonReply(201, wire.comment(issue, comment));
}

/** `PUT issue/{id}/comment/{id}`. */
export function editComment(
  context: RouteContext,
  request: WireRequest,
  issue: Issue,
  comment: Comment | undefined,
  id: string,
): WireReply {
  const { state, wire, account } = context;
  if (comment === undefined) return replies.noComment(id);
  if (!mayChange(context, issue, comment, "EDIT_OWN_COMMENTS", "EDIT_ALL_COMMENTS")) {
    return errorReply(400, [`You do not have permission to edit comment with id: ${id}.`]);
  }
  const read = readComment(context, request);
  if ("refusal" in read) return read.refusal;
  const at = state.now();
  changeIssue(state, issue, at, () => {
    comment.body = read.body;
    comment.updateAuthor = account.user;
    comment.updatedAt = at;
    for (const [key, value] of read.properties) comment.properties.set(key, value);
  });
  return jsonReply(200, wire.comment(issue, comment));
}

/** `DELETE issue/{id}/comment/{id}`. */
export function deleteComment(
  context: RouteContext,
  issue: Issue,
  comment: Comment | undefined,
  id: string,
): WireReply {
  const { state } = context;
  if (comment === undefined) return replies.noComment(id);
  if (!mayChange(context, issue, comment, "DELETE_OWN_COMMENTS", "DELETE_ALL_COMMENTS")) {
    return errorReply(400, [`You do not have permission to delete comment with id: ${id}`]);
  }
  const comments = commentsOf(state, issue);
  changeIssue(state, issue, state.now(), () => comments.splice(comments.indexOf(comment), 1));
  return done();
}

function mayChange(
  { account }: RouteContext,
  issue: Issue,
  comment: Comment,
  own: Permission,
  all: Permission,
): boolean {
  return may(account, issue.project, all) || (comment.author === account.user && may(account, issue.project, own));
}

function readComment({ state }: RouteContext, request: WireRequest) {
  const asked = readRecord(request.body);
  const properties = readProperties(asked?.["properties"] ?? []);
  if (asked === null || properties === null || Object.keys(asked).some((key) => !known.includes(key))) {
    return { refusal: replies.badPayload() };
  }
  const isDocument = typeof asked["body"] === "object" || state.edition === "data-center";
  const read = isDocument
    ? readBody(state.edition, asked["body"] ?? null)
    : ({ about: "field", message: "Comment body is not valid!" } as const);
  if ("message" in read) {
    const { about, message } = read;
    return { refusal: about === "field" ? errorReply(400, [], { comment: message }) : errorReply(400, [message]) };
  }
  const { body } = read;
  const isEmpty = body === null || (typeof body === "string" ? body.trim() === "" : (body.content ?? []).length === 0);
  if (isEmpty) return { refusal: errorReply(400, [], { comment: "Comment body can not be empty!" }) };
  return { body, properties };
}
