import type { WireReply, WireRequest } from "../server/http-server.ts";
import { readBody } from "./body-params.ts";
import { extractCommands } from "./quick-actions.ts";
import type { Discussion, Issue, Note } from "./records.ts";
import { badRequest, forbidden, jsonReply, noRoute, notFound, refused } from "./replies.ts";
import type { RouteContext } from "./route-context.ts";
import { runCommands } from "./run-commands.ts";
import { addNote, notesOf } from "./seed-notes.ts";
import { changeIssue } from "./state.ts";

const maxCharacters = 1_000_000;

/** Below `…/issues/:iid/notes`: creates, reads, changes and deletes a note. https://docs.gitlab.com/api/notes/#issues */
export function noteRoutes(
  context: RouteContext,
  issue: Issue,
  request: WireRequest,
  [id, ...rest]: readonly string[],
): WireReply {
  if (rest.length > 0) return noRoute();
  if (id === undefined) return request.method === "POST" ? createNote(context, issue, request, null) : noRoute();
  if (!/^\d+$/.test(id)) return badRequest(["note_id is invalid"]);
  const note = notesOf(context.state, issue).find((one) => String(one.id) === id);
  if (note === undefined) return notFound();
  if (request.method === "GET") return jsonReply(200, context.wire.note(issue, note));
  // Maintainers may change any note, but no account here is one.
  if (note.author !== context.account.user || note.isSystem) return forbidden();
  if (request.method === "PUT") return updateNote(context, issue, note, request);
  if (request.method !== "DELETE") return noRoute();
  deleteNote(context, issue, note);
  return { status: 204, body: "" };
}

/** `discussion`: the discussion to reply in, which becomes a thread; null: a single note. */
export function createNote(
  context: RouteContext,
  issue: Issue,
  request: WireRequest,
  discussion: Discussion | null,
): WireReply {
  const { state, account, edition, wire } = context;
  const body = readBody(request);
  if ("status" in body) return body;
  body.require("body");
  const text = body.text("body") ?? "";
  const refusal = body.refusal();
  if (refusal !== null) return refusal;
  if (issue.project.isArchived) return forbidden();
  const problem = problemOf(text);
  if (problem !== null) return problem;
  const extracted = extractCommands(text, edition.age !== "15");
  runCommands(state, issue, extracted.commands, account.user);
  // A note that contains only quick actions is executed and not stored.
  if (extracted.text === "") return commandsOnly(extracted.commands.map(({ name }) => name));
  const note = addNote(state, issue, {
    author: account.user,
    body: extracted.text,
    isSystem: false,
    at: state.now(),
    ...(discussion !== null && { discussion }),
  });
  if (discussion !== null) discussion.isThread = true;
  changeIssue(issue, state.now(), (one) => (one.noteCount += 1));
  return jsonReply(201, wire.note(issue, note));
}

function updateNote(context: RouteContext, issue: Issue, note: Note, request: WireRequest): WireReply {
  const { state, account, edition, wire } = context;
  const body = readBody(request);
  if ("status" in body) return body;
  const text = body.text("body");
  if (text !== undefined && (text ?? "").trim() === "") body.refuse("body is empty");
  const refusal = body.refusal();
  if (refusal !== null) return refusal;
  if (text == null || text === note.body) return jsonReply(200, wire.note(issue, note));
  const problem = problemOf(text);
  if (problem !== null) return problem;
  const extracted = extractCommands(text, edition.age !== "15");
  runCommands(state, issue, extracted.commands, account.user);
  if (extracted.text === "") {
    deleteNote(context, issue, note);
    return commandsOnly(extracted.commands.map(({ name }) => name));
  }
  note.body = extracted.text;
  note.updatedAt = state.now();
  changeIssue(issue, state.now(), () => undefined);
  return jsonReply(200, wire.note(issue, note));
}

/** Keeps the issue's update time. */
function deleteNote({ state }: RouteContext, issue: Issue, note: Note): void {
  const notes = notesOf(state, issue);
  notes.splice(notes.indexOf(note), 1);
  changeIssue(issue, issue.updatedAt, (one) => (one.noteCount -= 1));
}

function problemOf(text: string): WireReply | null {
  if (text.trim() === "") return refused(400, `400 Bad request - Note {:note=>["can't be blank"]}`);
  if ([...text].length <= maxCharacters) return null;
  return refused(400, `400 Bad request - Note {:note=>["is too long (maximum is ${maxCharacters} characters)"]}`);
}

function commandsOnly(names: readonly string[]): WireReply {
  return jsonReply(202, {
    commands_changes: Object.fromEntries(names.map((name) => [name, true])),
    summary: [`Applied ${names.join(", ")}.`],
  });
}
