import type { IssueListShape, IssueShape, NotMirroredShape } from "../../../../src/server/contract/issue.ts";
import type { Status } from "../../../../src/domain/status.ts";
import type { Grouping } from "../../../../src/domain/grouping.ts";

/** The loaded part of a column: its first cards, and where the next window starts (null: all are loaded). */
export type ColumnData = {
  /** What it stands for, as the filter writes it: a status, a project's id, a login. */
  readonly group: string;
  /** The true count, loaded or not. */
  readonly total: number;
  /** The total by status; null where the columns are the statuses. */
  readonly byStatus: Readonly<Record<Status, number>> | null;
  readonly issues: readonly IssueShape[];
  readonly cursor: string | null;
};

export type BoardData = {
  /** How far the server's change log was when this was read. */
  readonly sequence: number;
  readonly grouping: Grouping;
  readonly columns: readonly ColumnData[];
  /** Issues after filtering, and without a filter. */
  readonly total: number;
  readonly mirrored: number;
  readonly notMirrored: readonly NotMirroredShape[];
};

/** What tells one card from every other. A ref does not: two repositories may share their last word. */
export function cardKey(issue: Pick<IssueShape, "source" | "nativeId">): string {
  return `${issue.source} ${issue.nativeId}`;
}

function sameContent(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => key in b && sameContent(Reflect.get(a, key), Reflect.get(b, key)));
}

/**
 * Keeps the very objects of cards that did not change, wherever they now stand, so that only changed cards are drawn again;
 * where nothing changed at all, the very board.
 */
export function shareCards(previous: BoardData | undefined, next: BoardData): BoardData {
  if (previous === undefined || previous === next) return next;
  const known = new Map(previous.columns.flatMap((column) => column.issues.map((issue) => [cardKey(issue), issue])));
  const columns = next.columns.map((column): ColumnData => {
    const before = previous.columns.find((other) => other.group === column.group);
    if (before === column) return column;
    const issues = column.issues.map((issue) => {
      const old = known.get(cardKey(issue));
      return old !== undefined && sameContent(old, issue) ? old : issue;
    });
    const same =
      before !== undefined &&
      before.total === column.total &&
      before.cursor === column.cursor &&
      sameContent(before.byStatus, column.byStatus) &&
      before.issues.length === issues.length &&
      issues.every((issue, index) => issue === before.issues[index]);
    return same ? before : { ...column, issues };
  });
  const shared = { ...next, columns };
  return columns.every((column, index) => column === previous.columns[index]) && sameContent(previous, shared)
    ? previous
    : shared;
}

/** A column as the last window read of it says. */
export function withWindow(
  { group, byStatus }: ColumnData,
  issues: readonly IssueShape[],
  { total, byStatus: counted, cursor }: IssueListShape,
): ColumnData {
  return { group, issues, total, byStatus: byStatus && counted, cursor };
}

/** Adds a window to a column; gives the board unchanged when it was refreshed since `cursor` was asked for. */
export function appendWindow(board: BoardData, group: string, cursor: string, window: IssueListShape): BoardData {
  return {
    ...board,
    columns: board.columns.map((column) => {
      if (column.group !== group || column.cursor !== cursor) return column;
      const loaded = new Set(column.issues.map(cardKey));
      const issues = [...column.issues, ...window.issues.filter((issue) => !loaded.has(cardKey(issue)))];
      return withWindow(column, issues, window);
    }),
  };
}

export type Place = { readonly group: string; readonly index: number; readonly total: number };

/** Where a card stands among the loaded ones. */
export function placeOf(board: BoardData, key: string): Place | null {
  for (const column of board.columns) {
    const index = column.issues.findIndex((issue) => cardKey(issue) === key);
    if (index >= 0) return { group: column.group, index, total: column.total };
  }
  return null;
}

/** The loaded card that an address means. */
export function findCard(board: BoardData, address: string): IssueShape | undefined {
  const issues = board.columns.flatMap((column) => column.issues);
  const folded = address.toLowerCase();
  return (
    issues.find((issue) => issue.url === address || issue.address.toLowerCase() === folded) ??
    issues.find(({ ref }) => ref.toLowerCase() === folded)
  );
}

/** Whether two states of a card tell the user the same: how far it is on its way to the tracker is not news. */
function looksSame(a: IssueShape, b: IssueShape): boolean {
  return sameContent({ ...a, sync: null, updatedAt: null }, { ...b, sync: null, updatedAt: null });
}

/** What a refresh changed among the loaded cards that the server named: for the highlight and the announcement. */
export type CardChange = { readonly issue: IssueShape; readonly from: Status | null };

/** `own`: cards that the user has just changed, who needs no telling. */
export function changedCards(
  previous: BoardData,
  next: BoardData,
  named: ReadonlySet<string>,
  own: ReadonlySet<string> = new Set(),
): CardChange[] {
  const known = new Map(previous.columns.flatMap((column) => column.issues.map((issue) => [cardKey(issue), issue])));
  return next.columns.flatMap((column) =>
    column.issues
      .filter((issue) => {
        const before = known.get(cardKey(issue));
        if (!named.has(issue.ref) || own.has(cardKey(issue)) || before === issue) return false;
        return before === undefined || !looksSame(before, issue);
      })
      .map((issue) => ({ issue, from: known.get(cardKey(issue))?.status ?? null })),
  );
}
