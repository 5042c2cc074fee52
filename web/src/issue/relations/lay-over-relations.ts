import type { IssueDetailShape } from "../../../../src/server/contract/issue.ts";

export type Relation = IssueDetailShape["relations"][number];

/** An optimistic change to an issue's relations that the fetched data may not include yet. */
export type LocalRelation = { readonly kind: "added" | "removed"; readonly relation: Relation };

/** Applies local changes to fetched relations. An added relation that is already fetched appears once. */
export function layOverRelations(
  relations: readonly Relation[],
  changes: readonly LocalRelation[],
): readonly Relation[] {
  return changes.reduce<readonly Relation[]>((shown, { kind, relation }) => {
    const { id, type, address } = relation;
    // An added relation has another id once it is read.
    const isIt = (other: Relation) =>
      other.id === id || (address !== null && other.type === type && other.address === address);
    if (kind === "removed") return shown.filter((other) => !isIt(other));
    if (shown.some(isIt)) return shown;
    // An issue has one parent.
    return [...shown.filter((other) => type !== "parent" || other.type !== type), relation];
  }, relations);
}
