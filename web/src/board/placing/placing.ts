import type { IssuePatch } from "../../../../src/server/contract/change.ts";
import type { IssueShape } from "../../../../src/server/contract/issue.ts";
import type { BoardQuery } from "../../filter/board-query.ts";
import { cardKey } from "../data/board-data.ts";

/** A change of issues' places in the manual order. */
export type Placing = {
  readonly rank: NonNullable<IssuePatch["rank"]>;
  /** In the order to send them to the server. */
  readonly issues: readonly IssueShape[];
  /** Optimistic ranks by `cardKey`, until the server answers. */
  readonly shown: ReadonlyMap<string, number>;
};

/** Distance of the optimistic rank beyond the first or last card, in the ranks' milliseconds. */
const beyondEnd = 60_000;

/**
 * Places issues, in their order, before the card `next` of a column; null: after the last loaded card. Returns null if they are there already, or if there is
 * no other card.
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
  // Higher ranks come first; in reversed order, the card shown above comes later in the order itself.
  const beyond = reverse ? beyondEnd : -beyondEnd;
  const from = last?.rank ?? anchor.rank - beyond;
  const step = ((first?.rank ?? anchor.rank + beyond) - from) / (moved.length + 1);
  return {
    rank: (first !== undefined) === reverse ? { after: anchor.address } : { before: anchor.address },
    issues: reverse ? moved.toReversed() : moved,
    shown: new Map(moved.map((issue, index) => [cardKey(issue), from + step * (index + 1)])),
  };
}
