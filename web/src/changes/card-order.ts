import { priorityRank } from "../../../src/domain/priority.ts";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import type { BoardQuery } from "../filter/board-query.ts";

function compareTimes(a: string, b: string): number {
  return a < b ? 1 : a > b ? -1 : 0;
}

/** Compares cards in the server's sort order: negative if `a` comes first; 0 if only the server can tell. */
export function compareCards(a: IssueShape, b: IssueShape, { name, reverse }: BoardQuery["sort"]): number {
  const byUpdate = compareTimes(a.updatedAt, b.updatedAt);
  const order =
    name === "priority"
      ? priorityRank(a.priority) - priorityRank(b.priority) || byUpdate
      : name === "updated"
        ? byUpdate
        : name === "manual"
          ? b.rank - a.rank
          : compareTimes(a.createdAt, b.createdAt);
  return reverse ? -order : order;
}

/** The index at which a card belongs in a sorted list, after its equals. */
export function placeFor(card: IssueShape, sorted: readonly IssueShape[], sort: BoardQuery["sort"]): number {
  const index = sorted.findIndex((other) => compareCards(card, other, sort) < 0);
  return index < 0 ? sorted.length : index;
}
