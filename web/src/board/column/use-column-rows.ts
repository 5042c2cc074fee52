import { defaultRangeExtractor, useVirtualizer, type Range, type Virtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, type RefObject } from "react";
import type { IssueShape } from "../../../../src/server/contract/issue.ts";
import { placeFor } from "../../changes/card-order.ts";
import type { BoardQuery } from "../../filter/board-query.ts";
import { cardKey, type ColumnData } from "../data/board-data.ts";
import type { ColumnDrop, ColumnHandle } from "./column-handle.ts";
import { rowSizes } from "./virtual-rows.ts";

/** Load the next window when this many rows or fewer are left; skeletons take its place until it arrives. */
const maxAhead = 25;
const skeletons = 12;
/** Approximate height of everything above and below a column's cards, in pixels. */
const roomAround = 140;

export type ColumnRowsOptions = {
  readonly column: ColumnData;
  readonly sort: BoardQuery["sort"];
  /** The card of this column in the tab order. */
  readonly activeKey: string | null;
  /** Whether a note stands below the last card. */
  readonly hasNote: boolean;
  readonly drop: ColumnDrop | null;
  /** Rows rendered beyond the visible ones, at each end. */
  readonly overscan: number;
  readonly onLoadMore: () => void;
  readonly onSeen: (count: number) => void;
  readonly register: (handle: ColumnHandle | null) => void;
};

/** What stands in a row: an issue, with its place among the column's issues; where a card would be dropped; an issue that is loading; the note. */
export type ColumnRow =
  | { readonly kind: "issue"; readonly issue: IssueShape; readonly place: number }
  | { readonly kind: "drop" | "waiting" | "note" };

/** The rows of a column: which are rendered, what each is, and keeping the visible ones in place while others come and go above them. */
export function useColumnRows(options: ColumnRowsOptions): {
  readonly body: RefObject<HTMLDivElement | null>;
  readonly virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  rowAt(index: number): ColumnRow;
  /** The row in the tab order; negative if none is. */
  readonly active: number;
} {
  const { column, sort, activeKey, hasNote, drop, overscan, onLoadMore, onSeen, register } = options;
  const { issues, cursor, total } = column;
  const body = useRef<HTMLDivElement>(null);
  const waiting = cursor === null ? 0 : Math.min(skeletons, Math.max(1, total - issues.length));
  const noteRows = cursor === null && hasNote ? 1 : 0;
  const visible = useRef({ first: 0, last: 0 });
  const dropped = drop?.card;
  const next = drop?.next ?? null;
  // Where the sort order puts the card, clamped to the visible rows. In manual order, where the user points.
  const dropAt = useMemo(() => {
    if (dropped === undefined) return null;
    if (sort.name === "manual") {
      const at = next === null ? -1 : issues.findIndex((issue) => cardKey(issue) === next);
      return at < 0 ? issues.length : at;
    }
    const { first, last } = visible.current;
    // Dropping it will update the card.
    const moved = { ...dropped, updatedAt: new Date().toISOString() };
    return Math.max(Math.min(placeFor(moved, issues, sort), last), first);
  }, [dropped, next, issues, sort]);
  const extra = dropAt === null ? 0 : 1;
  const count = issues.length + waiting + noteRows + extra;
  const activeIssue = activeKey === null ? -1 : issues.findIndex((issue) => cardKey(issue) === activeKey);
  const active = dropAt !== null && activeIssue >= dropAt ? activeIssue + 1 : activeIssue;
  const placeOf = (row: number) => (dropAt !== null && row > dropAt ? row - 1 : row);
  /** The issue of a row; undefined for the drop placeholder and for rows below the issues. */
  const issueAt = (row: number): IssueShape | undefined => (row === dropAt ? undefined : issues[placeOf(row)]);

  // oxlint-disable-next-line react/incompatible-library -- no compiler memoises this component
  const virtualizer = useVirtualizer<HTMLElement, HTMLElement>({
    ...rowSizes,
    count,
    getScrollElement: () => body.current,
    estimateSize: () => 92,
    getItemKey: (row) => {
      const issue = issueAt(row);
      return issue !== undefined ? cardKey(issue) : row === dropAt ? "drop" : `waiting ${row - issues.length - extra}`;
    },
    overscan,
    // Render rows on the first pass, before the column's height is known.
    initialRect: { width: 0, height: innerHeight - roomAround },
    gap: 4,
    paddingEnd: 4,
    scrollPaddingStart: 4,
    scrollPaddingEnd: 4,
    // Keep the active or focused card in the document wherever the column is scrolled.
    rangeExtractor: useCallback(
      (range: Range) => {
        const rows = defaultRangeExtractor(range);
        if (active < 0 || active >= range.count || rows.includes(active)) return rows;
        return [...rows, active].sort((a, b) => a - b);
      },
      [active],
    ),
  });

  const rows = virtualizer.getVirtualItems();
  const lastVisible = virtualizer.range?.endIndex ?? 0;

  useEffect(() => {
    onSeen(lastVisible + 1);
    const ahead = Math.min(maxAhead, issues.length / 2);
    if (cursor !== null && lastVisible >= issues.length - ahead) onLoadMore();
  }, [lastVisible, cursor, issues.length, onLoadMore, onSeen]);

  // Keep the visible cards in place when cards are added or removed above them.
  const anchor = useRef<{ key: string; offset: number } | null>(null);
  useLayoutEffect(() => {
    const element = body.current;
    const held = anchor.current;
    if (element === null || held === null || element.scrollTop === 0) return;
    const found = issues.findIndex((issue) => cardKey(issue) === held.key);
    const index = dropAt !== null && found >= dropAt ? found + 1 : found;
    const start = virtualizer.measurementsCache[index]?.start;
    if (start !== undefined && Math.abs(start + held.offset - element.scrollTop) > 1) {
      virtualizer.scrollToOffset(start + held.offset);
    }
  }, [issues, dropAt, virtualizer]);
  useLayoutEffect(() => {
    const scrolled = virtualizer.scrollOffset ?? 0;
    const row = rows.find(({ end, index }) => end > scrolled && issueAt(index) !== undefined);
    const issue = row === undefined ? undefined : issueAt(row.index);
    if (dropAt === null) {
      const bottom = scrolled + (virtualizer.scrollRect?.height ?? 0);
      const seen = rows.filter(
        ({ start, end, index }) => start >= scrolled - 8 && end <= bottom && index < issues.length,
      );
      // Scroll anchoring would push a card inserted above the anchor out of sight.
      const first = scrolled === 0 ? 0 : (seen[0]?.index ?? 0) + 1;
      visible.current = { first, last: Math.max(first, seen.at(-1)?.index ?? issues.length) };
      if ((seen.at(-1)?.index ?? -1) === issues.length - 1) visible.current.last = issues.length;
    }
    anchor.current =
      row === undefined || issue === undefined ? null : { key: cardKey(issue), offset: scrolled - row.start };
  });

  useEffect(() => {
    register({
      reveal: (index) => virtualizer.scrollToIndex(index, { align: "auto" }),
      firstVisible: () => virtualizer.range?.startIndex ?? 0,
      dropIndex: () => dropAt ?? virtualizer.range?.startIndex ?? 0,
    });
    return () => register(null);
  }, [register, virtualizer, dropAt]);

  const rowAt = (row: number): ColumnRow => {
    const issue = issueAt(row);
    if (issue !== undefined) return { kind: "issue", issue, place: placeOf(row) };
    if (row === dropAt) return { kind: "drop" };
    return { kind: row - issues.length - extra < waiting ? "waiting" : "note" };
  };
  return { body, virtualizer, rowAt, active };
}
