import type { RelationType } from "./issue.ts";

/** The same relation as seen from the other issue. `duplicates` has no inverse of its own and becomes `relates`. */
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
