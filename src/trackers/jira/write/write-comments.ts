import { PanopticonError } from "../../../domain/error.ts";
import type { IssueAddress } from "../../../domain/operation.ts";
import type { HttpResponse } from "../../http/http-client.ts";
import type { OperationMark, WrittenComment } from "../../tracker.ts";
import { beforehand } from "../../beforehand.ts";
import { findLosses, readDocument, writeBody } from "../text/body-format.ts";
import type { JiraClient } from "../client.ts";
import { toComment, toPerson } from "../map.ts";
import { isMarked, markKey, toProperties } from "../marker.ts";
import { wouldLose } from "./perform-edit.ts";
import { Comment, MarkedCommentPage, type MarkedComment } from "../schema.ts";
import { clockSlackMs } from "../../server-clock.ts";

/** How many of an issue's newest comments are searched. */
const maxComments = 100;

export async function addComment(
  client: JiraClient,
  issue: IssueAddress,
  markdown: string,
  mark: OperationMark,
  signal: AbortSignal | undefined,
): Promise<WrittenComment> {
  const body = { body: await beforehand(() => toText(client, markdown, signal)), properties: toProperties(mark) };
  const response = await client.send("POST", pathOf(issue), { body, signal });
  client.ownWrites.remember(issue.nativeId);
  return toWritten(client, response);
}

/** Throws `unsupported` if the edit would lose a part of the comment. */
export async function editComment(
  client: JiraClient,
  issue: IssueAddress,
  commentId: string,
  markdown: string,
  signal: AbortSignal | undefined,
): Promise<WrittenComment> {
  const path = `${pathOf(issue)}/${encodeURIComponent(commentId)}`;
  const body = await beforehand(async () => {
    const { isCloud } = await client.getSite(signal);
    const format = isCloud ? "document" : "wiki";
    const before = readDocument(client.parse(Comment, await client.get(path, {}, signal), "comment").body);
    const losses = before === null ? null : findLosses(format, before, []);
    if (losses !== null) throw wouldLose({ key: "this comment" }, losses);
    return { body: writeBody(format, markdown, [], before) ?? "" };
  });
  const response = await client.send("PUT", path, { body, signal });
  client.ownWrites.remember(issue.nativeId);
  return toWritten(client, response);
}

export async function deleteComment(
  client: JiraClient,
  issue: IssueAddress,
  commentId: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const path = `${pathOf(issue)}/${encodeURIComponent(commentId)}`;
  const response = await client.send("DELETE", path, { accept: [404], signal });
  client.ownWrites.remember(issue.nativeId);
  // 404 can also mean that the issue is not visible: the comment is gone only if the issue can be read.
  if (response.status === 404)
    await client.get(`/issue/${encodeURIComponent(issue.nativeId)}`, { fields: "id" }, signal);
}

/** Finds the comments with an operation's mark among the newest ones, oldest first. Cloud needs a second request for the marks. */
export async function findComments(
  client: JiraClient,
  issue: IssueAddress,
  mark: OperationMark,
  signal: AbortSignal | undefined,
): Promise<readonly WrittenComment[]> {
  if (mark.firstSentAt === null) return [];
  const { isCloud } = await client.getSite(signal);
  const query = { orderBy: "-created", maxResults: maxComments, ...(isCloud ? {} : { expand: "properties" }) };
  const response = await client.get(pathOf(issue), query, signal);
  const since = client.toServer(mark.firstSentAt) - clockSlackMs;
  const newest = commentsIn(client, response).filter(({ created }) => created >= since);
  const marked = isCloud ? await withProperties(client, newest, signal) : newest;
  return marked
    .filter(({ properties }) => properties?.some(({ key, value }) => key === markKey && isMarked(value, mark)))
    .toSorted((a, b) => a.created - b.created || Number(a.id) - Number(b.id))
    .map(toWrittenComment);
}

/** https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-comments/#api-rest-api-3-comment-list-post */
async function withProperties(
  client: JiraClient,
  comments: readonly MarkedComment[],
  signal: AbortSignal | undefined,
): Promise<readonly MarkedComment[]> {
  if (comments.length === 0) return [];
  const ids = comments.map(({ id }) => Number(id));
  return commentsIn(client, await client.ask("/comment/list?expand=properties", { ids }, signal));
}

function commentsIn(client: JiraClient, response: HttpResponse): readonly MarkedComment[] {
  const { comments, values } = client.parse(MarkedCommentPage, response, "comments");
  return comments ?? values ?? [];
}

async function toText(client: JiraClient, markdown: string, signal: AbortSignal | undefined): Promise<unknown> {
  const { isCloud } = await client.getSite(signal);
  const body = writeBody(isCloud ? "document" : "wiki", markdown, []);
  if (body !== null) return body;
  throw new PanopticonError("invalid_input", "A comment cannot be empty.", { tracker: "jira", field: "body" });
}

function pathOf({ nativeId }: IssueAddress): string {
  return `/issue/${encodeURIComponent(nativeId)}/comment`;
}

function toWritten(client: JiraClient, response: HttpResponse): WrittenComment {
  return toWrittenComment(client.parse(Comment, response, "comment"));
}

function toWrittenComment(comment: Comment): WrittenComment {
  return { comment: toComment(comment), seen: comment.author ? { people: [toPerson(comment.author)] } : {} };
}
