import type { IssueListShape, IssueShape, NotMirroredShape } from "../../../../src/server/contract/issue.ts";
import type { Status } from "../../../../src/domain/status.ts";
import type { Grouping } from "../../../../src/domain/grouping.ts";

/** The cursor of a column of which nothing is loaded yet. */
export const fromTop = "";

/** The loaded part of a column: its first cards, and the cursor of the next window (null: all are loaded). */
export type ColumnData = {
  /** The group's value in the filter syntax: a status, a project id, a login. */
  readonly group: string;
  /** The number of issues in the column, loaded or not. */
  readonly total: number;
  /** The total by status; null when grouped by status. */
  readonly byStatus: Readonly<Record<Status, number>> | null;
  readonly issues: readonly IssueShape[];
  readonly cursor: string | null;
};

export type BoardData = {
  /** The server's change-log sequence at the time of reading. */
  readonly sequence: number;
  readonly grouping: Grouping;
  readonly columns: readonly ColumnData[];
  /** The number of issues with and without the filter. */
  readonly total: number;
  readonly mirrored: number;
  readonly notMirrored: readonly NotMirroredShape[];
};

/** A unique key for a card. The ref is not unique: two repositories may have the same name. */
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
 * Structural sharing: cards that did not change keep their identity even when they move, so that only changed cards re-render; if nothing changed, returns the
 * previous board.
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

/** A column with the issues and counts of the last window read. */
export function withWindow(
  { group, byStatus }: ColumnData,
  issues: readonly IssueShape[],
  { total, byStatus: counted, cursor }: IssueListShape,
): ColumnData {
  return { group, issues, total, byStatus: byStatus && counted, cursor };
}

/** Appends a window to a column; returns the board unchanged if it was refreshed since `cursor` was requested. */
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

/** A card's place among the loaded ones. */
export function placeOf(board: BoardData, key: string): Place | null {
  for (const column of board.columns) {
    const index = column.issues.findIndex((issue) => cardKey(issue) === key);
    if (index >= 0) return { group: column.group, index, total: column.total };
  }
  return null;
}

/** The loaded card for an address. */
export function findCard(board: BoardData, address: string): IssueShape | undefined {
  const issues = board.columns.flatMap((column) => column.issues);
  const folded = address.toLowerCase();
  return (
    issues.find((issue) => issue.url === address || issue.address.toLowerCase() === folded) ??
    issues.find(({ ref }) => ref.toLowerCase() === folded)
  );
}

/** Whether two versions of a card look the same to the user; the sync state does not count. */
function looksSame(a: IssueShape, b: IssueShape): boolean {
  return sameContent({ ...a, sync: null, updatedAt: null }, { ...b, sync: null, updatedAt: null });
}

/** A visible change of a loaded card that the server named, for highlighting and announcing it. */
export type CardChange = { readonly issue: IssueShape; readonly from: Status | null };

/** `own`: cards the user has just changed, which need no announcement. */
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
