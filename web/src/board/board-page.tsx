import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState, type MouseEvent } from "react";
import { useSearch } from "wouter/use-browser-location";
import type { Status } from "../../../src/domain/status.ts";
import { toApiError } from "../api/client.ts";
import { trackersQuery } from "../api/queries.ts";
import { formatQuery, sortLabels, sortNames, type BoardQuery } from "../filter/board-query.ts";
import { FilterField } from "../filter/filter-field.tsx";
import { readQuery } from "../filter/suggestions.ts";
import { useLive } from "../live/live-store.ts";
import { goToBoard, issueInPath, issuePath, openIssue } from "../routes.ts";
import { ConnectionNotice } from "../shell/connection-notice.tsx";
import { isStale } from "../shell/tracker-sentence.ts";
import { useVocabulary } from "../shell/use-trackers.ts";
import { ErrorNote } from "../ui/error-note.tsx";
import { Icon } from "../ui/icon.tsx";
import { MenuButton } from "../ui/menu-button.tsx";
import { Words } from "../ui/words.tsx";
import { BoardBar } from "./board-bar.tsx";
import { cardKey, findCard, placeOf, type BoardData } from "./board-data.ts";
import { boardQuery, loadMore, type Needs } from "./board-query-cache.ts";
import type { CardContext, ColumnHandle } from "./column.tsx";
import { Columns } from "./columns.tsx";
import { FirstRun } from "./first-run.tsx";
import { NoResults } from "./no-results.tsx";
import { notMirroredWords } from "./notes.ts";
import { useBoardKeys } from "./use-board-keys.ts";
import { useShutColumns } from "./use-shut-columns.ts";
import { BoardSkeleton } from "./board-skeleton.tsx";

type BoardPageProps = {
  /** The issue that is open over the board. */
  readonly openAddress: string | null;
  /** Told once the board can be asked to put the focus on a card. */
  readonly onFocusCard: (focus: ((address: string) => void) | null) => void;
};

export function BoardPage({ openAddress, onFocusCard }: BoardPageProps) {
  const client = useQueryClient();
  const search = useSearch();
  const known = useVocabulary();
  const { query, effective, problems } = useMemo(() => readQuery(search, known), [search, known]);
  const canonical = formatQuery(query);
  const needs = useNeeds(formatQuery(effective));
  // A tracker or project in the address can be told wrong only once they are known.
  const named = query.chips.some(({ key }) => key === "tracker" || key === "project");
  const board = useQuery({ ...boardQuery(effective, needs), enabled: !named || known.complete });
  const trackers = useQuery(trackersQuery).data;
  const fresh = useLive("fresh");
  const announcement = useLive("announcement");
  const { shut, toggle } = useShutColumns();

  const [activeKey, setActiveKey] = useState<string | null>(null);
  const handles = useRef(new Map<Status, ColumnHandle>());
  const shown = useMemo(
    () => (board.data?.columns ?? []).map(({ status }) => status).filter((status) => !shut.has(status)),
    [board.data, shut],
  );
  const focusCard = useBoardKeys(board.data, shown, handles, activeKey, openAddress === null);
  useEffect(() => {
    onFocusCard((address) => {
      const card = board.data && findCard(board.data, address);
      if (card !== undefined) focusCard(cardKey(card));
    });
    return () => onFocusCard(null);
  }, [board.data, focusCard, onFocusCard]);
  useKeptFocus(board.data, activeKey, openAddress === null, focusCard);

  const change = useCallback(
    (next: BoardQuery, options: { replace: boolean }) => goToBoard(formatQuery(next), options),
    [],
  );

  const open = board.data && openAddress !== null ? findCard(board.data, openAddress) : undefined;
  const cards = useMemo<CardContext>(
    () => ({
      trackerLabels: new Map(trackers?.trackers.map(({ id, label }) => [id, label])),
      staleTrackers: new Set(trackers?.trackers.filter(isStale).map(({ id }) => id)),
      mine: new Set(trackers?.trackers.flatMap(({ id, account }) => (account ? [`${id}:${account.login}`] : []))),
      fresh,
      openKey: open === undefined ? null : cardKey(open),
      hrefOf: (issue) => issuePath(issue.address, canonical),
    }),
    [trackers, fresh, open, canonical],
  );

  const onClick = (event: MouseEvent<HTMLElement>) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const card = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a.card") : null;
    const key = card?.dataset["key"];
    const address = issueInPath(card?.pathname ?? "");
    if (key === undefined || address === null) return;
    event.preventDefault();
    setActiveKey(key);
    openIssue(address, canonical);
  };

  if (trackers !== undefined && trackers.trackers.every(({ sources }) => sources.length === 0)) {
    return <FirstRun trackers={trackers} />;
  }

  return (
    <>
      <ConnectionNotice />
      <BoardBar board={board.data} search={canonical} trackers={trackers} />
      <search className="filter-row">
        <FilterField query={query} known={known} onChange={change} />
        <MenuButton
          className="button flex-none"
          kind="quiet"
          label={`Sort: ${sortLabels[query.sort.name]}${query.sort.reverse ? ", reversed" : ""}`}
          trigger={
            <>
              <Icon name="sort" />
              <span className="wide-only text-ink-3">Sort</span>
              <span className="not-phone">{sortLabels[query.sort.name]}</span>
              <Icon name="down" />
            </>
          }
          entries={[
            ...sortNames.map((name) => ({
              id: name,
              label: sortLabels[name],
              checked: query.sort.name === name,
              onSelect: () => change({ ...query, sort: { name, reverse: false } }, { replace: false }),
            })),
            {
              id: "reverse",
              label: "Reverse the order",
              checked: query.sort.reverse,
              onSelect: () =>
                change({ ...query, sort: { name: query.sort.name, reverse: !query.sort.reverse } }, { replace: false }),
            },
          ]}
        />
      </search>
      {problems.length > 0 && (
        <div className="notice mx-3 mb-2 rounded-r2 border-b-0!" role="alert">
          <Icon name="alert" size={14} />
          <p className="min-w-0 flex-1 wrap-anywhere">
            {problems.map(({ message }) => message).join(". ")}. The rest of the filter is in force.
          </p>
          <button
            type="button"
            className="button"
            data-size="small"
            onClick={() => goToBoard(formatQuery(effective), { replace: true })}
          >
            Remove it from the address
          </button>
        </div>
      )}
      {board.error !== null && board.data === undefined && (
        <BoardFailure error={board.error} onRetry={() => void board.refetch()} />
      )}
      {board.data === undefined && board.error === null && <BoardSkeleton />}
      {board.data !== undefined && board.error !== null && toApiError(board.error).code !== "server_unreachable" && (
        <div className="px-3 pb-2">
          <ErrorNote error={toApiError(board.error)} />
        </div>
      )}
      {board.data !== undefined && board.data.total === 0 && !board.isPlaceholderData && (
        <NoResults query={query} board={board.data} known={known} onChange={change} />
      )}
      {board.data !== undefined && (board.data.total > 0 || board.isPlaceholderData) && (
        <Columns
          board={board.data}
          cards={cards}
          activeKey={activeKey}
          shut={shut}
          note={notMirroredWords(board.data.notMirrored)?.sentence ?? null}
          onToggle={toggle}
          onClick={onClick}
          onActive={setActiveKey}
          onSeen={(status, count) => needs.set(status, count)}
          onLoadMore={(status) => loadMore(client, effective, status)}
          handles={handles}
        />
      )}
      <output className="sr-only" aria-live="polite">
        {announcement}
      </output>
    </>
  );
}

/** How far each column has been scrolled; another filter starts afresh. */
function useNeeds(query: string): Needs {
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- a new map for every query is the point
  return useMemo<Needs>(() => new Map(), [query]);
}

/** When the focused card leaves its column, the focus goes to the card that took its place instead of nowhere. */
function useKeptFocus(
  board: BoardData | undefined,
  activeKey: string | null,
  enabled: boolean,
  focusCard: (key: string) => void,
): void {
  const before = useRef<{ board: BoardData; focused: boolean } | null>(null);
  useEffect(() => {
    const last = before.current;
    const focused = document.activeElement instanceof HTMLElement && document.activeElement.closest(".card") !== null;
    if (
      enabled &&
      board !== undefined &&
      last !== null &&
      last.board !== board &&
      last.focused &&
      !focused &&
      activeKey !== null
    ) {
      const place = placeOf(last.board, activeKey);
      const column = board.columns.find(({ status }) => status === place?.status);
      const heir = column?.issues[Math.min(place?.index ?? 0, column.issues.length - 1)] ?? board.columns[0]?.issues[0];
      if (heir !== undefined && document.activeElement === document.body) focusCard(cardKey(heir));
    }
    before.current = board === undefined ? null : { board, focused };
  });
}

function BoardFailure({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  const known = toApiError(error);
  const signedOut = known.status === 401;
  return (
    <div className="empty" role="alert">
      <h2>{signedOut ? "This browser is not signed in" : known.message}</h2>
      {signedOut && <p>{known.message}</p>}
      {known.hint !== undefined && (
        <p>
          <Words text={known.hint} />
        </p>
      )}
      <button type="button" className="button mt-3" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}
