import type { RelationType } from "./issue.ts";

/** What the other issue says of a relation. There is no word for being duplicated. */
export function inverseOf(type: RelationType): RelationType {
  const inverses = {
    parent: "child",
    child: "parent",
    blocks: "blocked_by",
    blocked_by: "blocks",
    relates: "relates",
    duplicates: "relates",
  } as const;
  return inverses[type];
}
