import type { WireReply, WireRequest } from "../server/http-server.ts";
import type { Discussion, Issue } from "./records.ts";
import { jsonReply, noRoute, notFound } from "./replies.ts";
import type { RouteContext } from "./route-context.ts";
import { newDiscussion, notesOf } from "./seed-notes.ts";
import { createNote } from "./write-notes.ts";

/** An issue's notes grouped by discussion, oldest first, including system notes. https://docs.gitlab.com/api/discussions/#issues */
export function discussionList(context: RouteContext, issue: Issue): object[] {
  const discussions = new Set(notesOf(context.state, issue).map((note) => note.discussion));
  return [...discussions].map((discussion) => toWire(context, issue, discussion));
}

/** Below `…/issues/:iid/discussions`: reads a discussion, replies in it, and starts a thread. */
export function discussionRoutes(
  context: RouteContext,
  issue: Issue,
  request: WireRequest,
  [id, ...rest]: readonly string[],
): WireReply {
  if (id === undefined) return request.method === "POST" ? beginThread(context, issue, request) : noRoute();
  const discussion = notesOf(context.state, issue).find((note) => note.discussion.id === id)?.discussion;
  if (discussion === undefined) return notFound("Discussion");
  if (request.method === "GET" && rest.length === 0) return jsonReply(200, toWire(context, issue, discussion));
  if (request.method !== "POST" || rest.join("/") !== "notes") return noRoute();
  return createNote(context, issue, request, discussion);
}

function beginThread(context: RouteContext, issue: Issue, request: WireRequest): WireReply {
  const { state } = context;
  const discussion = newDiscussion(state.nextId());
  const reply = createNote(context, issue, request, discussion);
  return reply.status === 201 ? jsonReply(201, toWire(context, issue, discussion)) : reply;
}

function toWire({ state, wire }: RouteContext, issue: Issue, discussion: Discussion): object {
  const notes = notesOf(state, issue).filter((note) => note.discussion === discussion);
  const { id, isThread } = discussion;
  return { id, individual_note: !isThread, notes: notes.map((note) => wire.note(issue, note)) };
}
