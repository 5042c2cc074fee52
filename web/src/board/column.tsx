import { defaultRangeExtractor, useVirtualizer, type Range } from "@tanstack/react-virtual";
import { useCallback, useEffect, useId, useLayoutEffect, useRef, type ReactNode } from "react";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { statusLabels } from "../../../src/domain/status.ts";
import { Icon, StatusIcon } from "../ui/icon.tsx";
import { formatCount } from "../ui/time.ts";
import { cardKey, type ColumnData } from "./board-data.ts";
import { Card, CardSkeleton } from "./card.tsx";

/** Rows from the end at which the next window is asked for, and skeletons that stand for it. */
const loadAhead = 25;
const skeletons = 12;

export type CardContext = {
  readonly trackerLabels: ReadonlyMap<string, string>;
  readonly staleTrackers: ReadonlySet<string>;
  /** `tracker:login` of the user's own accounts. */
  readonly mine: ReadonlySet<string>;
  readonly fresh: ReadonlySet<string>;
  readonly openKey: string | null;
  readonly hrefOf: (issue: IssueShape) => string;
};

export type ColumnHandle = { readonly reveal: (index: number) => void; readonly firstVisible: () => number };

type ColumnProps = {
  readonly column: ColumnData;
  readonly cards: CardContext;
  /** The card of this column that Tab reaches. */
  readonly activeKey: string | null;
  readonly note: string | null;
  readonly onLoadMore: () => void;
  readonly onSeen: (count: number) => void;
  readonly onShut?: (() => void) | undefined;
  readonly register: (handle: ColumnHandle | null) => void;
  /** Stands below the cards when the next window could not be read. */
  readonly failure: ReactNode;
};

export function Column({ column, cards, activeKey, note, onLoadMore, onSeen, onShut, register, failure }: ColumnProps) {
  const { issues, cursor, total, status } = column;
  const headingId = useId();
  const body = useRef<HTMLDivElement>(null);
  const waiting = cursor === null ? 0 : Math.min(skeletons, Math.max(1, total - issues.length));
  const noteRows = cursor === null && note !== null ? 1 : 0;
  const count = issues.length + waiting + noteRows;
  const active = issues.findIndex((issue) => cardKey(issue) === activeKey);

  // oxlint-disable-next-line react/incompatible-library -- no compiler memoises this component
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => body.current,
    estimateSize: () => 92,
    getItemKey: (index) => {
      const issue = issues[index];
      return issue === undefined ? `waiting ${index - issues.length}` : cardKey(issue);
    },
    overscan: 6,
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
    if (cursor !== null && lastVisible >= issues.length - loadAhead) onLoadMore();
  }, [lastVisible, cursor, issues.length, onLoadMore, onSeen]);

  // What the user looks at stays where it is when cards come or go above it.
  const anchor = useRef<{ key: string; offset: number } | null>(null);
  useLayoutEffect(() => {
    const element = body.current;
    const held = anchor.current;
    if (element === null || held === null || element.scrollTop === 0) return;
    const index = issues.findIndex((issue) => cardKey(issue) === held.key);
    const start = virtualizer.measurementsCache[index]?.start;
    if (start !== undefined && Math.abs(start + held.offset - element.scrollTop) > 1) {
      virtualizer.scrollToOffset(start + held.offset);
    }
  }, [issues, virtualizer]);
  useLayoutEffect(() => {
    const scrolled = body.current?.scrollTop ?? 0;
    const row = rows.find(({ end, index }) => end > scrolled && index < issues.length);
    const issue = row === undefined ? undefined : issues[row.index];
    anchor.current =
      row === undefined || issue === undefined ? null : { key: cardKey(issue), offset: scrolled - row.start };
  });

  useEffect(() => {
    register({
      reveal: (index) => virtualizer.scrollToIndex(index, { align: "auto" }),
      firstVisible: () => virtualizer.range?.startIndex ?? 0,
    });
    return () => register(null);
  }, [register, virtualizer]);

  return (
    <section className="column" aria-labelledby={headingId} data-status={status}>
      <header className="column-head">
        <StatusIcon status={status} label={false} />
        <h2 id={headingId}>
          {statusLabels[status]} <span className="column-count">{formatCount(total)}</span>
        </h2>
        {onShut !== undefined && (
          <button
            type="button"
            className="icon-button"
            aria-label={`Collapse ${statusLabels[status]}`}
            title={`Collapse ${statusLabels[status]}`}
            onClick={onShut}
          >
            <Icon name="x" />
          </button>
        )}
      </header>
      <div className="column-body" ref={body} data-column={status} tabIndex={-1}>
        <ul aria-labelledby={headingId} className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {rows.map((row) => {
            const issue = issues[row.index];
            return (
              <li
                key={row.key}
                ref={virtualizer.measureElement}
                data-index={row.index}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${row.start}px)` }}
                aria-setsize={total}
                aria-posinset={row.index + 1}
                role={issue === undefined ? "presentation" : "listitem"}
              >
                {issue !== undefined && (
                  <Card
                    issue={issue}
                    trackerLabel={cards.trackerLabels.get(issue.tracker) ?? issue.tracker}
                    href={cards.hrefOf(issue)}
                    me={cards.mine.has(`${issue.tracker}:${issue.assignees[0]?.login ?? ""}`)}
                    stale={cards.staleTrackers.has(issue.tracker)}
                    fresh={cards.fresh.has(cardKey(issue))}
                    open={cards.openKey === cardKey(issue)}
                    focusable={active < 0 ? row.index === 0 : row.index === active}
                  />
                )}
                {issue === undefined && row.index < issues.length + waiting && <CardSkeleton seed={row.index} />}
                {issue === undefined && row.index >= issues.length + waiting && <p className="column-note">{note}</p>}
              </li>
            );
          })}
        </ul>
      </div>
      {failure}
    </section>
  );
}
