import type { Status } from "../../../src/domain/status.ts";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { cardKey, type BoardData, type ColumnData } from "../board/data/board-data.ts";
import { firstKey, keyNow } from "../board/data/new-names.ts";
import type { BoardQuery } from "../filter/board-query.ts";
import { groupsOf } from "../filter/grouping.ts";
import { compareCards, placeFor } from "./card-order.ts";
import { isAhead, layOver, type LocalChange } from "./local-change.ts";
import { matchesQuery } from "./matches-query.ts";

/** What determines a changed card's place: the query and the user's own accounts. */
export type BoardView = { readonly query: BoardQuery; readonly mine: ReadonlySet<string> };

function findLoaded(board: BoardData, key: string): IssueShape | undefined {
  for (const { issues } of board.columns) {
    const found = issues.find((issue) => cardKey(issue) === key);
    if (found !== undefined) return found;
  }
  return undefined;
}

function changeColumns(
  board: BoardData,
  groups: readonly string[],
  change: (column: ColumnData) => ColumnData,
): BoardData {
  return {
    ...board,
    columns: board.columns.map((column) => (groups.includes(column.group) ? change(column) : column)),
  };
}

function without(board: BoardData, key: string): BoardData {
  return {
    ...board,
    columns: board.columns.map((column) =>
      column.issues.some((issue) => cardKey(issue) === key)
        ? { ...column, issues: column.issues.filter((issue) => cardKey(issue) !== key) }
        : column,
    ),
  };
}

/** Inserts a card at its place. If that is not loaded: where it was dropped, otherwise nowhere. */
function withCard(board: BoardData, card: IssueShape, { query }: BoardView, putAt: number | null): BoardData {
  return changeColumns(board, groupsOf(card, board.grouping), (column) => {
    const place = placeFor(card, column.issues, query.sort);
    const isLoaded = place < column.issues.length || column.cursor === null;
    if (!isLoaded && putAt === null) return column;
    return { ...column, issues: column.issues.toSpliced(isLoaded ? place : (putAt ?? place), 0, card) };
  });
}

function countCard(board: BoardData, groups: readonly string[], status: Status, by: 1 | -1): BoardData {
  return changeColumns(board, groups, (column) => {
    const { total, byStatus } = column;
    return {
      ...column,
      total: Math.max(0, total + by),
      byStatus: byStatus && { ...byStatus, [status]: Math.max(0, byStatus[status] + by) },
    };
  });
}

/** Whether the board may lack the change. A new issue is tracked by sequence, because the board may list it under the key its tracker gave it. */
function mayLack(board: BoardData, change: LocalChange, readAt: number): boolean {
  return change.sequence === undefined ? isAhead(change, readAt) : change.sequence > board.sequence;
}

/**
 * Groups changes by the card that shows them. A new issue's changes, made before or after its tracker named it, move to the key in a later answer, unless the
 * board was read before that and still lists it under its first key.
 */
function byCard(board: BoardData, changes: readonly LocalChange[]): ReadonlyMap<string, readonly LocalChange[]> {
  const later = new Map<string, string>();
  const first = new Map<string, string>();
  for (const { key, before, answer } of changes) {
    if (before === null || answer === null || cardKey(answer) === key) continue;
    later.set(key, cardKey(answer));
    first.set(cardKey(answer), key);
  }
  const isLoaded = (key: string) => findLoaded(board, key) !== undefined;
  return Map.groupBy(changes, ({ key }) => {
    const now = later.get(key) ?? keyNow(key);
    const former = first.get(now) ?? firstKey(now);
    return former !== now && isLoaded(former) && !isLoaded(now) ? former : now;
  });
}

function changeCard(
  board: BoardData,
  key: string,
  changes: readonly LocalChange[],
  readAt: number,
  view: BoardView,
): BoardData {
  const [first] = changes;
  const last = changes.at(-1);
  if (first === undefined || last === undefined) return board;
  const loaded = findLoaded(board, key);
  const putAt = last.putAt;
  if (!changes.some((change) => mayLack(board, change, readAt))) {
    // The server's counts include the change. If the card's own place is not loaded, it stays where it was dropped as long as the change is kept.
    // Not so for a new issue, which gets another key once its tracker has named it.
    if (loaded !== undefined || putAt === null || last.answer === null || first.before === null) return board;
    return matchesQuery(last.answer, view.query, view.mine) ? withCard(board, last.answer, view, putAt) : board;
  }
  const origin = loaded ?? first.before ?? first.answer;
  if (origin === null) return board;
  // A new issue's first key and ref must not replace those that its tracker has given it.
  const missing = changes.filter((change) => change.sequence === undefined || mayLack(board, change, readAt));
  const card = layOver(origin, missing, readAt);
  const wasIn = loaded !== undefined || (first.before !== null && matchesQuery(origin, view.query, view.mine));
  const isIn = matchesQuery(card, view.query, view.mine);
  const from = wasIn ? groupsOf(origin, board.grouping) : [];
  const to = isIn ? groupsOf(card, board.grouping) : [];
  const stays = from.length === to.length && from.every((group) => to.includes(group));
  const recount = (of: BoardData) => countCard(countCard(of, from, origin.status, -1), to, card.status, 1);
  if (loaded !== undefined && stays && compareCards(card, loaded, view.query.sort) === 0) {
    const changed = changeColumns(board, to, (column) => ({
      ...column,
      issues: column.issues.map((issue) => (cardKey(issue) === key ? card : issue)),
    }));
    return card.status === origin.status ? changed : recount(changed);
  }
  const counted = recount(without(board, key));
  const total = Math.max(0, counted.total + Number(isIn) - Number(wasIn));
  return isIn ? withCard({ ...counted, total }, card, view, putAt) : { ...counted, total };
}

/**
 * Applies the user's optimistic changes to a board: changed cards in their new places, counts adjusted. Untouched columns keep their identity. `readAt`: when
 * the board was requested.
 */
export function changeBoard(
  board: BoardData,
  changes: readonly LocalChange[],
  readAt: number,
  view: BoardView,
): BoardData {
  return [...byCard(board, changes)].reduce((shown, [key, own]) => changeCard(shown, key, own, readAt, view), board);
}
