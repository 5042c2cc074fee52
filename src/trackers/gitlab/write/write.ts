import type { IssueAddress } from "../../../domain/operation.ts";
import type { HttpClient } from "../../http/http-client.ts";
import type { OperationMark, Source, TrackerWriter, WrittenComment } from "../../tracker.ts";
import { createIssue } from "./create.ts";
import { findMarkedIssues, findMarkedNotes } from "./find-marked.ts";
import { iidOf } from "../keys.ts";
import { toComment, toPerson } from "../map.ts";
import { isSameText, toNativeText } from "../text/native-text.ts";
import type { GitlabParts } from "../parts.ts";
import { performStep } from "./perform.ts";
import { projectOf } from "../project-of.ts";
import { endRelation, makeRelation } from "./relations.ts";
import type { Note } from "../schema.ts";
import { findDiscussion } from "../threads.ts";
import { createWriteClient } from "./write-client.ts";
import { planEdit } from "./write-plan.ts";

/** Writes to GitLab. Every request is sent once. */
export function createGitlabWriter(http: HttpClient, parts: GitlabParts): TrackerWriter {
  const { memory } = parts;
  const { web } = parts.client;
  const client = createWriteClient(http);
  const writer = { ...parts, writes: client };

  /** Converts a comment's text to the form in which it is sent. */
  const toNote = (source: Source, body: string, mark: OperationMark | null) =>
    toNativeText(body, { web, projectId: source.nativeId }, mark);

  /** Replies in the discussion of a note; null if it no longer exists. */
  const answer = async (
    place: { readonly project: string; readonly iid: string },
    noteId: string,
    text: string,
    signal: AbortSignal | undefined,
  ) => {
    const discussion = await findDiscussion(parts.client, place, noteId, signal);
    return discussion === null ? null : client.createReply(place.project, place.iid, discussion, text, signal);
  };

  return {
    plan: async (source, issue, edit) => planEdit(source, issue, edit, memory.of(source), web),
    perform: (source, issue, step, signal) => performStep(writer, source, issue, step, signal),

    create: (source, draft, mark, signal) => createIssue(writer, source, draft, mark, signal),
    findCreated: (source, _draft, mark, signal) => findMarkedIssues(writer, source, mark, signal),

    async comment(source, issue, body, mark, signal, replyTo) {
      const [project, iid] = placeOf(source, issue);
      const text = toNote(source, body, mark);
      const reply = replyTo === undefined ? null : await answer({ project, iid }, replyTo, text, signal);
      if (reply !== null) return toWrittenComment(reply, web, replyTo);
      return toWrittenComment(await client.createNote(project, iid, text, signal), web);
    },
    async findComments(source, issue, _body, mark, signal) {
      const [project, iid] = placeOf(source, issue);
      const notes = await findMarkedNotes(client, { project, iid }, mark, signal);
      return notes.map((note) => toWrittenComment(note, web));
    },
    async editComment(source, issue, commentId, body, signal) {
      const [project, iid] = placeOf(source, issue);
      return toWrittenComment(
        await client.updateNote(project, iid, commentId, toNote(source, body, null), signal),
        web,
      );
    },
    async deleteComment(source, issue, commentId, signal) {
      const [project, iid] = placeOf(source, issue);
      const { status } = await client.deleteNote(project, iid, commentId, signal);
      // 404 can also mean that the issue is not visible: the comment is gone only if the issue can be read.
      if (status === 404) await client.fetchIssue(project, iid, signal);
    },

    relate: (source, issue, relation, signal) =>
      makeRelation(writer, placeOf(source, issue), { source, issue, relation }, signal),
    unrelate: (source, issue, relation, signal) =>
      endRelation(writer, placeOf(source, issue), { source, issue, relation }, signal),

    sameText: async (written, found) => isSameText(written, found, web),
  };
}

/** How the API addresses an issue: by the project's id if known. */
function placeOf(source: Source, { key, sourceKey }: IssueAddress): readonly [project: string, iid: string] {
  return [sourceKey === source.key ? projectOf(source) : sourceKey, iidOf(key)];
}

function toWrittenComment(note: Note, web: string, root?: string): WrittenComment {
  return { comment: toComment(note, web, root), seen: note.author ? { people: [toPerson(note.author)] } : {} };
}
