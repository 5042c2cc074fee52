import { priorityRank } from "../../../src/domain/priority.ts";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import type { BoardQuery } from "../filter/board-query.ts";

function compareTimes(a: string, b: string): number {
  return a < b ? 1 : a > b ? -1 : 0;
}

/** The board's order, as the server sorts: negative when `a` stands before `b`; 0 where only the server can tell. */
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

/** Where a card belongs among sorted ones; behind those that are its equals. */
export function placeFor(card: IssueShape, sorted: readonly IssueShape[], sort: BoardQuery["sort"]): number {
  const index = sorted.findIndex((other) => compareCards(card, other, sort) < 0);
  return index < 0 ? sorted.length : index;
}
