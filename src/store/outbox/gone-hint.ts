import type { Operation } from "./outbox.ts";

/** The hint for a change that waits for the user while its issue has left the mirror, in a sentence or two. */
export function goneHint({ id, ref }: Pick<Operation, "id" | "ref">): string {
  return `${ref} was deleted or moved in its tracker, or its project no longer includes it. Your change is kept here until you drop it: pan outbox drop ${id}.`;
}
