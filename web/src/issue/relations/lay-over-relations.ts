import type { IssueDetailShape } from "../../../../src/server/contract/issue.ts";

export type Relation = IssueDetailShape["relations"][number];

/** An optimistic change to an issue's relations that the fetched data may not include yet. */
export type LocalRelation =
  | { readonly kind: "added"; readonly relation: Relation }
  | { readonly kind: "removed"; readonly id: string };

/** Applies local changes to fetched relations. An added relation that is already fetched appears once. */
export function layOverRelations(
  relations: readonly Relation[],
  changes: readonly LocalRelation[],
): readonly Relation[] {
  return changes.reduce<readonly Relation[]>((shown, change) => {
    if (change.kind === "removed") return shown.filter(({ id }) => id !== change.id);
    const { type, address } = change.relation;
    if (shown.some((other) => other.type === type && other.address === address)) return shown;
    // An issue has one parent.
    return [...shown.filter((other) => type !== "parent" || other.type !== type), change.relation];
  }, relations);
}
