import type { GitlabClient } from "./client.ts";
import type { Note } from "./schema.ts";

type Place = { readonly project: string; readonly iid: string };

/** Whether a note is part of a thread. The list of notes does not tell of which thread, but most issues have none and need no further request. */
export function isInThread({ type }: Note): boolean {
  return type === "DiscussionNote";
}

/** The replies in an issue's threads, each with the first note of its thread. */
export async function findRoots(
  client: GitlabClient,
  { project, iid }: Place,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<number, string>> {
  const roots = new Map<number, string>();
  for await (const page of client.fetchDiscussions(project, iid, signal)) {
    for (const { notes } of page) {
      const [root, ...answers] = notes;
      if (root !== undefined) for (const { id } of answers) roots.set(id, String(root.id));
    }
  }
  return roots;
}

/** The discussion that contains a note; null if there is none. A single note has a discussion, too, which becomes a thread with the first reply. */
export async function findDiscussion(
  client: GitlabClient,
  { project, iid }: Place,
  noteId: string,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  for await (const page of client.fetchDiscussions(project, iid, signal)) {
    const found = page.find(({ notes }) => notes.some(({ id }) => String(id) === noteId));
    if (found !== undefined) return found.id;
  }
  return null;
}
