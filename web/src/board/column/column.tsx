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

/** The most rows from the end at which the next window is asked for, and skeletons that stand for it. */
const maxAhead = 25;
const skeletons = 12;
/** About what stands above and below a column's cards, in pixels. */
const roomAround = 140;

export type CardContext = IssueLooks & {
  readonly selected: ReadonlySet<string>;
  /** Cards that are held over the board. */
  readonly held: ReadonlySet<string>;
  readonly sort: BoardQuery["sort"];
  readonly hrefOf: (issue: IssueShape) => string;
  readonly look: CardLook;
};

export type ColumnHandle = {
  readonly reveal: (index: number) => void;
  readonly firstVisible: () => number;
  /** Where a card that is dropped now is put down. */
  readonly dropIndex: () => number;
};

/** A card that is held over a column, and what dropping it there does. */
export type ColumnDrop = {
  readonly card: IssueShape;
  readonly words: DropWords;
  /** In the manual order: the card before which it goes; null: behind the last one. */
  readonly next: string | null;
};

type ColumnProps = {
  readonly column: ColumnData;
  readonly grouping: Grouping;
  /** What the column is called. */
  readonly label: string;
  readonly cards: CardContext;
  /** The card of this column that Tab reaches. */
  readonly activeKey: string | null;
  /** The card of this column whose issue is open. */
  readonly openKey: string | null;
  readonly note: string | null;
  readonly onLoadMore: () => void;
  readonly onSeen: (count: number) => void;
  readonly register: (handle: ColumnHandle | null) => void;
  /** Stands below the cards when the next window could not be read. */
  readonly failure: ReactNode;
  readonly drop: ColumnDrop | null;
  readonly onCreate?: (() => void) | undefined;
  readonly actions: ColumnActions;
  /** Rows that are drawn beyond those in sight, at each end. */
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
  // Where the order puts the card; where that is out of sight, at that end of what is seen. In the manual order it is for the user to say.
  const dropAt = useMemo(() => {
    if (dropped === undefined) return null;
    if (cards.sort.name === "manual") {
      const at = next === null ? -1 : issues.findIndex((issue) => cardKey(issue) === next);
      return at < 0 ? issues.length : at;
    }
    const { first, last } = visible.current;
    // It will count as updated then.
    const moved = { ...dropped, updatedAt: new Date().toISOString() };
    return Math.max(Math.min(placeFor(moved, issues, cards.sort), last), first);
  }, [dropped, next, issues, cards.sort]);
  const extra = dropAt === null ? 0 : 1;
  const count = issues.length + waiting + noteRows + extra;
  const activeIssue = activeKey === null ? -1 : issues.findIndex((issue) => cardKey(issue) === activeKey);
  const active = dropAt !== null && activeIssue >= dropAt ? activeIssue + 1 : activeIssue;
  /** The issue of a row; undefined for the place of the held card and for what stands below the issues. */
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
    // The first drawing has rows before the column's height is known.
    initialRect: { width: 0, height: innerHeight - roomAround },
    gap: 4,
    paddingEnd: 4,
    scrollPaddingStart: 4,
    scrollPaddingEnd: 4,
    // The card that Tab reaches, or that has the focus, stays in the document wherever it is scrolled to.
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

  // What the user looks at stays where it is when cards come or go above it.
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
      // A card put in before what is held in place would push nothing down but itself out of sight.
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
        <h2 id={headingId}>
          <span className="truncate">{label}</span> <span className="column-count">{formatCount(total)}</span>
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
                // Rows that are not drawn leave their room; others stand one below the other.
                style={{ marginTop: row.start - (rows[at - 1]?.end ?? 0) }}
                // What is said between or below the issues is none of them.
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
