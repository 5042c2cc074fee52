import type { Operation } from "./outbox.ts";

/** The way on with what was asked of an issue that has left the mirror and waits for the user, in a sentence or two. */
export function goneHint({ id, ref }: Pick<Operation, "id" | "ref">): string {
  return `${ref} was deleted or moved in its tracker, or its project no longer includes it. Your change is kept here until you drop it: pan outbox drop ${id}.`;
}
