import type { IssuePatch } from "../../../../src/server/contract/change.ts";
import type { IssueShape } from "../../../../src/server/contract/issue.ts";
import type { BoardQuery } from "../../filter/board-query.ts";
import { cardKey } from "../data/board-data.ts";

/** Where issues go in the manual order. */
export type Placing = {
  readonly rank: NonNullable<IssuePatch["rank"]>;
  /** In the order in which the server is told of them. */
  readonly issues: readonly IssueShape[];
  /** The rank that each of them shows until the server has answered, by `cardKey`. */
  readonly shown: ReadonlyMap<string, number>;
};

/** How far beyond the first or last card an issue shows itself, in the ranks' milliseconds. */
const beyondEnd = 60_000;

/**
 * Puts issues, in their order, before the card `next` of a column; null: behind the last one that is loaded. Gives null where they stand there already, or
 * where there is no other card.
 */
export function placingFor(
  moved: readonly IssueShape[],
  column: readonly IssueShape[],
  next: string | null,
  { reverse }: BoardQuery["sort"],
): Placing | null {
  const keys = new Set(moved.map(cardKey));
  const at = next === null ? column.length : column.findIndex((issue) => cardKey(issue) === next);
  if (at < 0) return null;
  const stays = (issue: IssueShape) => !keys.has(cardKey(issue));
  const [above, below] = [column.slice(0, at).filter(stays), column.slice(at).filter(stays)];
  const placed = [...above, ...moved, ...below];
  if (placed.length === column.length && placed.every((issue, index) => issue === column[index])) return null;
  const [last, first] = [above.at(-1), below[0]];
  const anchor = first ?? last;
  if (anchor === undefined) return null;
  // The higher rank stands first; reversed, what is seen above another issue comes after it in the order itself.
  const beyond = reverse ? beyondEnd : -beyondEnd;
  const from = last?.rank ?? anchor.rank - beyond;
  const step = ((first?.rank ?? anchor.rank + beyond) - from) / (moved.length + 1);
  return {
    rank: (first !== undefined) === reverse ? { after: anchor.address } : { before: anchor.address },
    issues: reverse ? moved.toReversed() : moved,
    shown: new Map(moved.map((issue, index) => [cardKey(issue), from + step * (index + 1)])),
  };
}
