import type { GitlabClient } from "./client.ts";
import type { Note } from "./schema.ts";

type Place = { readonly project: string; readonly iid: string };

/** The list of notes tells that one is in a thread, and not in which: most issues have none, and need no further request. */
export function isInThread({ type }: Note): boolean {
  return type === "DiscussionNote";
}

/** The answers of an issue's threads, each with the note that its thread begins with. */
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

/** What a note stands in; null where there is none such. A note by itself has a discussion too, which its first answer makes a thread. */
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
