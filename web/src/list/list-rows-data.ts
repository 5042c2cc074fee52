import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { type BoardData, cardKey, type ColumnData } from "../board/data/board-data.ts";

/** A row of the list: a group header, an issue, or a placeholder for one that is not loaded yet. */
export type ListRow =
  | { readonly kind: "group"; readonly column: ColumnData }
  | { readonly kind: "issue"; readonly column: ColumnData; readonly index: number; readonly issue: IssueShape }
  | { readonly kind: "waiting"; readonly column: ColumnData; readonly index: number };

/** How many skeletons stand in for unloaded rows. */
const skeletons = 12;

/** A board's rows, top to bottom; collapsed groups have only their header. */
export function listRows(board: BoardData, folded: ReadonlySet<string>): readonly ListRow[] {
  return board.columns
    .filter(({ total, issues }) => total > 0 || issues.length > 0)
    .flatMap((column): ListRow[] => {
      const head: ListRow = { kind: "group", column };
      if (folded.has(column.group)) return [head];
      const { issues, cursor, total } = column;
      const waiting = cursor === null ? 0 : Math.min(skeletons, Math.max(1, total - issues.length));
      return [
        head,
        ...issues.map((issue, index): ListRow => ({ kind: "issue", column, index, issue })),
        ...Array.from({ length: waiting }, (_, index): ListRow => ({ kind: "waiting", column, index })),
      ];
    });
}

/** The issues' keys, top to bottom; null where a group has unloaded issues. */
export function keysOf(rows: readonly ListRow[]): readonly (string | null)[] {
  return rows.flatMap((row) => {
    if (row.kind === "issue") return [cardKey(row.issue)];
    return row.kind === "waiting" && row.index === 0 ? [null] : [];
  });
}
