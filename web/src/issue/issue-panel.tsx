import { Dialog } from "@base-ui/react/dialog";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useId, useMemo, useRef } from "react";
import { useSearch } from "wouter/use-browser-location";
import { afterPaint } from "../api/after-paint.ts";
import { issueQuery } from "../api/queries.ts";
import { useShownBoard } from "../changes/local-changes.tsx";
import { cardKey, findCard, placeOf, type Place } from "../board/data/board-data.ts";
import { loadMore, useLoadedBoard } from "../board/data/board-query-cache.ts";
import { besideSeat, useSeat } from "../board/open-seat.ts";
import { formatQuery } from "../filter/board-query.ts";
import type { Grouping } from "../../../src/domain/grouping.ts";
import { plainGroupLabel } from "../filter/grouping.ts";
import { readQuery } from "../filter/suggestions.ts";
import { closeIssue, openIssue } from "../routes.ts";
import { useIsFirstInPlace } from "../shell/open-dialogs.ts";
import { useVocabulary } from "../shell/use-trackers.ts";
import { isTyping } from "../shell/shortcuts.ts";
import { Icon } from "../ui/icon.tsx";
import { formatCount } from "../ui/time.ts";
import { IssueActions } from "./issue-actions.tsx";
import { IssueView } from "./issue-view.tsx";

export type IssuePanelProps = { readonly issueRef: string };

/** An issue over the board, with links to its neighbours in the column; stays below a dialog opened while the panel was loading. */
export function IssuePanel(props: IssuePanelProps) {
  return useIsFirstInPlace() ? <OpenPanel {...props} /> : null;
}

function OpenPanel({ issueRef }: IssuePanelProps) {
  const client = useQueryClient();
  const titleId = useId();
  const scroller = useRef<HTMLElement>(null);
  const search = useSearch();
  const known = useVocabulary();
  const { query, effective } = useMemo(() => readQuery(search, known), [search, known]);
  const canonical = formatQuery(query);
  const board = useShownBoard(useLoadedBoard(effective), effective);
  const card = board && findCard(board, issueRef);
  const place = board === undefined || card === undefined ? null : placeOf(board, cardKey(card));
  const column = board?.columns.find(({ group }) => group === place?.group);
  const seat = useSeat(board, issueRef);
  const { previous, next } =
    board === undefined || seat?.address !== issueRef
      ? { previous: undefined, next: undefined }
      : besideSeat(board, seat);

  useEffect(() => {
    scroller.current?.scrollTo(0, 0);
    // The link that was followed here disappeared with the previous issue.
    const { activeElement } = document;
    if (activeElement === document.body || activeElement === scroller.current?.parentElement) scroller.current?.focus();
    afterPaint(() => {
      for (const address of [next, previous]) {
        if (address !== undefined) client.prefetchQuery(issueQuery(address)).catch(() => undefined);
      }
      if (place !== null && column !== undefined && place.index >= column.issues.length - 5) {
        loadMore(client, effective, place.group).catch(() => undefined);
      }
    });
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once per issue, with its neighbours at that moment
  }, [issueRef]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event) || event.defaultPrevented) return;
      const target = event.key === "j" ? next : event.key === "k" ? previous : undefined;
      if (target !== undefined) openIssue(target, canonical, { replace: true });
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [next, previous, canonical]);

  return (
    <Dialog.Root
      open
      onOpenChange={(open) => {
        if (!open) closeIssue(canonical);
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="scrim" />
        <Dialog.Popup
          className="issue-panel"
          aria-labelledby={titleId}
          initialFocus={scroller}
          finalFocus={() => false}
          // If the focused element is removed, the focus falls to the panel, where keys would not scroll.
          onFocus={({ target, currentTarget }) => {
            if (target === currentTarget) scroller.current?.focus({ preventScroll: true });
          }}
        >
          <header className="issue-head">
            <IssueActions issueRef={issueRef} card={card} />
            <span className="flex-1" />
            {place !== null && (
              <span className="text-12 whitespace-nowrap text-ink-3 not-phone">
                {placeWords(place, board?.grouping ?? "status")}
              </span>
            )}
            <button
              type="button"
              className="icon-button"
              aria-label="Previous issue (K)"
              title="Previous issue (K)"
              disabled={previous === undefined}
              onClick={() => previous !== undefined && openIssue(previous, canonical, { replace: true })}
            >
              <Icon name="down" className="rotate-180" />
            </button>
            <button
              type="button"
              className="icon-button"
              aria-label="Next issue (J)"
              title="Next issue (J)"
              disabled={next === undefined}
              onClick={() => next !== undefined && openIssue(next, canonical, { replace: true })}
            >
              <Icon name="down" />
            </button>
            <Dialog.Close className="icon-button" aria-label="Close (Esc)" title="Close (Esc)">
              <Icon name="x" />
            </Dialog.Close>
          </header>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrollable text must be reachable by keyboard */}
          <section ref={scroller} className="issue-scroll" tabIndex={0} aria-labelledby={titleId}>
            <IssueView key={issueRef} issueRef={issueRef} titleId={titleId} card={card} />
          </section>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** `2 of 41 in review` */
function placeWords({ index, total, group }: Place, grouping: Grouping): string {
  const column = plainGroupLabel(grouping, group).toLowerCase();
  return `${formatCount(index + 1)} of ${formatCount(total)} ${column.startsWith("in ") ? column : `in ${column}`}`;
}
