import { createHash } from "node:crypto";
import { areaFor } from "../seed/areas.ts";
import { makeComment } from "../seed/bodies.ts";
import { colleagues } from "../seed/company.ts";
import { createRandom } from "../seed/random.ts";
import type { Discussion, Issue, Note } from "./records.ts";
import { type GitLabState, userOf } from "./state.ts";

const systemWords: readonly string[] = [
  "changed the description",
  "changed due date to November 30, 2026",
  "mentioned in merge request !7",
  "assigned to @marena",
  "made the issue visible to everyone",
];

/** An issue's comments and system notes, oldest first, generated from its id on first access. */
export function notesOf(state: GitLabState, issue: Issue): Note[] {
  if (issue.notes !== null) return issue.notes;
  const random = createRandom(`${issue.id}/notes`);
  const area = areaFor(issue.project.area);
  const logins = colleagues.map(({ login }) => login);
  const spanMs = Math.max(0, issue.updatedAt - issue.createdAt);
  const time = () => Math.floor(issue.createdAt + spanMs * random.next());
  const comments = Array.from({ length: issue.noteCount }, () => ({
    body: makeComment(random, area, logins),
    isSystem: false,
    createdAt: time(),
  }));
  const system = Array.from({ length: random.int(3) }, () => ({
    body: random.pick(systemWords),
    isSystem: true,
    createdAt: time(),
  }));
  issue.notes = [...comments, ...system]
    .sort((a, b) => a.createdAt - b.createdAt)
    .map((note, position) => ({
      ...note,
      updatedAt: note.createdAt,
      id: issue.id * 100 + position,
      discussion: newDiscussion(issue.id * 100 + position),
      author: userOf(state, random.pick(logins)),
    }));
  return issue.notes;
}

export function addNote(
  state: GitLabState,
  issue: Issue,
  {
    at,
    discussion,
    ...note
  }: Pick<Note, "author" | "body" | "isSystem"> & { readonly at: number; readonly discussion?: Discussion },
): Note {
  const id = state.nextId();
  const made: Note = { ...note, id, discussion: discussion ?? newDiscussion(id), createdAt: at, updatedAt: at };
  notesOf(state, issue).push(made);
  return made;
}

/** The discussion of a single note, or a new thread. */
export function newDiscussion(noteId: number): Discussion {
  return { id: createHash("sha1").update(`note ${noteId}`).digest("hex"), isThread: false };
}
