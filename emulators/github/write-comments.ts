import type { WireReply, WireRequest } from "../server/http-server.ts";
import { readBody, textOf } from "./read-body.ts";
import type { Comment, Issue, Repo } from "./records.ts";
import { docs, jsonReply, notFound, validationFailed } from "./replies.ts";
import type { RouteContext } from "./route-context.ts";
import { commentsOf, firstCommentId } from "./seed-comments.ts";
import { changeIssue } from "./state.ts";
import { authorOf, refuseStranger, refuseToken } from "./write-access.ts";
import { refuseBody } from "./read-wish.ts";

/** `POST /repos/{owner}/{repo}/issues/{n}/comments` */
export function createComment(context: RouteContext, issue: Issue, request: WireRequest): WireReply {
  const { account, state } = context;
  const refused = refuseToken(account, issue.repo, docs.createComment);
  if (refused) return refused;
  const text = readText(request, docs.createComment);
  if (typeof text !== "string") return text;
  const at = state.stamp();
  const comment: Comment = { id: state.nextId(), user: authorOf(account), body: text, createdAt: at, updatedAt: at };
  const comments = commentsOf(state, issue);
  changeIssue(issue, at, (one) => {
    comments.push(comment);
    one.commentCount = comments.length;
  });
  return jsonReply(201, context.wire.comment(issue, comment), {
    Location: `${context.origin}/repos/${issue.repo.fullName}/issues/comments/${comment.id}`,
  });
}

/** `GET`, `PATCH` and `DELETE /repos/{owner}/{repo}/issues/comments/{id}` */
export function oneComment(context: RouteContext, repo: Repo, request: WireRequest, id: string): WireReply {
  const found = findComment(context, repo, Number(id));
  const documentation = request.method === "DELETE" ? docs.deleteComment : docs.editComment;
  if (request.method !== "GET") {
    const refused = refuseToken(context.account, repo, documentation);
    if (refused) return refused;
  }
  if (found === null) return notFound(documentation);
  const { issue, comment } = found;
  if (request.method === "GET") return jsonReply(200, context.wire.comment(issue, comment));
  const stranger = refuseStranger(context.account, comment.user, documentation);
  if (stranger) return stranger;
  const at = context.state.stamp();
  if (request.method === "PATCH") {
    const text = readText(request, documentation);
    if (typeof text !== "string") return text;
    if (text !== comment.body) {
      comment.body = text;
      comment.updatedAt = at;
      changeIssue(issue, at, () => {});
    }
    return jsonReply(200, context.wire.comment(issue, comment));
  }
  if (request.method !== "DELETE") return notFound(docs.root);
  const comments = commentsOf(context.state, issue);
  // Deleting a comment keeps the issue's update time: https://github.com/neomjs/neo/issues/10092
  changeIssue(issue, issue.updatedAt, (one) => {
    comments.splice(comments.indexOf(comment), 1);
    one.commentCount = comments.length;
  });
  return { status: 204, body: "" };
}

function readText(request: WireRequest, documentation: string): string | WireReply {
  const read = readBody(request, { body: ["string"] }, ["body"], documentation);
  if ("refusal" in read) return read.refusal;
  const text = textOf(read.body["body"]);
  const errors = refuseBody(text, "IssueComment");
  if (text.trim() === "") {
    errors.push({ resource: "IssueComment", code: "unprocessable", field: "data", message: "Body cannot be blank" });
  }
  return errors.length > 0 ? validationFailed(errors, documentation) : text;
}

function findComment(
  { state }: RouteContext,
  repo: Repo,
  id: number,
): { readonly issue: Issue; readonly comment: Comment } | null {
  for (const issue of repo.issues.values()) {
    if (issue.commentCount === 0 || !mayHold(issue, id)) continue;
    const comment = commentsOf(state, issue).find((one) => one.id === id);
    if (comment !== undefined) return { issue, comment };
  }
  return null;
}

/** Seeded comments are created on access, with ids derived from the issue's. */
function mayHold(issue: Issue, id: number): boolean {
  const first = firstCommentId(issue);
  return issue.comments !== null || (id >= first && id < first + issue.commentCount);
}
