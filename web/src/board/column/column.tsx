import { defaultRangeExtractor, useVirtualizer, type Range } from "@tanstack/react-virtual";
import { useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, type ReactNode } from "react";
import type { IssueShape } from "../../../../src/server/contract/issue.ts";
import { placeFor } from "../../changes/card-order.ts";
import type { BoardQuery } from "../../filter/board-query.ts";
import type { Grouping } from "../../../../src/domain/grouping.ts";
import { Icon } from "../../ui/icon.tsx";
import { formatCount } from "../../ui/time.ts";
import { useIsPhone } from "../../ui/use-is-phone.ts";
import { cardKey, type ColumnData } from "../data/board-data.ts";
import type { CardLook } from "../card/card-look.ts";
import { Card, CardSkeleton } from "../card/card.tsx";
import { ColumnMenu, type ColumnActions } from "./column-menu.tsx";
import { GroupIcon } from "../group-label.tsx";
import type { IssueLooks } from "../work-layout.ts";
import type { DropWords } from "../drag/use-drop-words.ts";
import { rowSizes } from "./virtual-rows.ts";

/** Load the next window when this many rows or fewer are left; skeletons take its place until it arrives. */
const maxAhead = 25;
const skeletons = 12;
/** Approximate height of everything above and below a column's cards, in pixels. */
const roomAround = 140;

export type CardContext = IssueLooks & {
  readonly selected: ReadonlySet<string>;
  /** Cards being dragged. */
  readonly held: ReadonlySet<string>;
  readonly sort: BoardQuery["sort"];
  readonly hrefOf: (issue: IssueShape) => string;
  readonly look: CardLook;
};

export type ColumnHandle = {
  readonly reveal: (index: number) => void;
  readonly firstVisible: () => number;
  /** The index at which a card dropped now would go. */
  readonly dropIndex: () => number;
};

/** The card dragged over a column, and what dropping it there does. */
export type ColumnDrop = {
  readonly card: IssueShape;
  readonly words: DropWords;
  /** In manual order: the card to insert before; null: at the end. */
  readonly next: string | null;
};

type ColumnProps = {
  readonly column: ColumnData;
  readonly grouping: Grouping;
  /** The column's name. */
  readonly label: string;
  readonly cards: CardContext;
  /** The card of this column in the tab order. */
  readonly activeKey: string | null;
  /** The card of this column whose issue is open. */
  readonly openKey: string | null;
  readonly note: string | null;
  readonly onLoadMore: () => void;
  readonly onSeen: (count: number) => void;
  readonly register: (handle: ColumnHandle | null) => void;
  /** Shown below the cards when the next window failed to load. */
  readonly failure: ReactNode;
  readonly drop: ColumnDrop | null;
  readonly onCreate?: (() => void) | undefined;
  readonly actions: ColumnActions;
  /** Rows rendered beyond the visible ones, at each end. */
  readonly overscan: number;
};

export function Column({
  column,
  grouping,
  label,
  cards,
  activeKey,
  openKey,
  note,
  onLoadMore,
  onSeen,
  actions,
  register,
  failure,
  drop,
  onCreate,
  overscan,
}: ColumnProps) {
  const { issues, cursor, total, group } = column;
  const headingId = useId();
  const isPhone = useIsPhone();
  const body = useRef<HTMLDivElement>(null);
  const waiting = cursor === null ? 0 : Math.min(skeletons, Math.max(1, total - issues.length));
  const noteRows = cursor === null && note !== null ? 1 : 0;
  const visible = useRef({ first: 0, last: 0 });
  const dropped = drop?.card;
  const next = drop?.next ?? null;
  // Where the sort order puts the card, clamped to the visible rows. In manual order, where the user points.
  const dropAt = useMemo(() => {
    if (dropped === undefined) return null;
    if (cards.sort.name === "manual") {
      const at = next === null ? -1 : issues.findIndex((issue) => cardKey(issue) === next);
      return at < 0 ? issues.length : at;
    }
    const { first, last } = visible.current;
    // Dropping it will update the card.
    const moved = { ...dropped, updatedAt: new Date().toISOString() };
    return Math.max(Math.min(placeFor(moved, issues, cards.sort), last), first);
  }, [dropped, next, issues, cards.sort]);
  const extra = dropAt === null ? 0 : 1;
  const count = issues.length + waiting + noteRows + extra;
  const activeIssue = activeKey === null ? -1 : issues.findIndex((issue) => cardKey(issue) === activeKey);
  const active = dropAt !== null && activeIssue >= dropAt ? activeIssue + 1 : activeIssue;
  /** The issue of a row; undefined for the drop placeholder and for rows below the issues. */
  const issueAt = (row: number): IssueShape | undefined => {
    if (row === dropAt) return undefined;
    return issues[dropAt !== null && row > dropAt ? row - 1 : row];
  };

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

  return (
    <section
      className="column"
      aria-labelledby={headingId}
      data-status={grouping === "status" ? group : undefined}
      data-group={group}
      data-drop-group={group}
      data-over={drop === null ? undefined : drop.words.possible ? "yes" : "no"}
    >
      <header className="column-head">
        <GroupIcon grouping={grouping} group={group} />
        <h2 id={headingId} className="flex min-w-0">
          <span className="truncate" title={label} dir="auto">
            {label}
          </span>{" "}
          <span className="column-count">{formatCount(total)}</span>
        </h2>
        <span className="flex-1" />
        {onCreate !== undefined && (
          <button
            type="button"
            className="icon-button"
            aria-label={`New issue in ${label}`}
            title={`New issue in ${label}`}
            onClick={onCreate}
          >
            <Icon name="plus" />
          </button>
        )}
        <ColumnMenu group={group} label={label} total={total} actions={actions} />
      </header>
      <div className="column-body" ref={body} data-column={group} tabIndex={-1}>
        <ul aria-labelledby={headingId} className="flow-root" style={{ height: virtualizer.getTotalSize() }}>
          {rows.map((row, at) => {
            const issue = issueAt(row.index);
            const below = row.index - issues.length - extra;
            return (
              <li
                key={row.key}
                ref={virtualizer.measureElement}
                className="column-row"
                data-index={row.index}
                // Leave the space of rows that are not rendered; adjacent rows follow each other.
                style={{ marginTop: row.start - (rows[at - 1]?.end ?? 0) }}
                // Notes and placeholders are not part of the set.
                {...(issue !== undefined && {
                  "aria-setsize": total,
                  "aria-posinset": (dropAt !== null && row.index > dropAt ? row.index - 1 : row.index) + 1,
                })}
              >
                {issue !== undefined && (
                  <Card
                    issue={issue}
                    trackerLabel={cards.trackerLabels.get(issue.tracker) ?? issue.tracker}
                    href={cards.hrefOf(issue)}
                    me={cards.mine.has(`${issue.tracker}:${issue.assignees[0]?.login ?? ""}`)}
                    stale={cards.staleTrackers.has(issue.tracker)}
                    fresh={cards.fresh.has(cardKey(issue))}
                    open={openKey === cardKey(issue)}
                    focusable={active < 0 ? issue === issues[0] : row.index === active}
                    selected={cards.selected.has(cardKey(issue))}
                    showsStatus={grouping !== "status"}
                    showsState={grouping !== "state"}
                    held={cards.held.has(cardKey(issue))}
                    movable={isPhone}
                    shows={cards.look.shows}
                  />
                )}
                {row.index === dropAt && drop !== null && (
                  <div className="drop-place" data-possible={drop.words.possible}>
                    {drop.words.text}
                  </div>
                )}
                {issue === undefined && row.index !== dropAt && below < waiting && <CardSkeleton seed={row.index} />}
                {issue === undefined && row.index !== dropAt && below >= waiting && (
                  <p className="column-note">{note}</p>
                )}
              </li>
            );
          })}
        </ul>
      </div>
      {failure}
    </section>
  );
}
