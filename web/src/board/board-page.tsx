import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState, type MouseEvent } from "react";
import { useSearch } from "wouter/use-browser-location";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { statusLabels, type Status } from "../../../src/domain/status.ts";
import { toApiError } from "../api/client.ts";
import { trackersQuery } from "../api/queries.ts";
import { useMine, useShownBoard } from "../changes/local-changes.tsx";
import { subjectOf, useIssueChanges } from "../changes/use-issue-changes.ts";
import { formatQuery, sortLabels, sortNames, type BoardQuery } from "../filter/board-query.ts";
import { useFieldKeys } from "../fields/use-field-keys.ts";
import { FilterField } from "../filter/filter-field.tsx";
import { readQuery } from "../filter/suggestions.ts";
import { useLive } from "../live/live-store.ts";
import { goToBoard, issueInPath, issuePath, openIssue } from "../routes.ts";
import { BulkBar } from "../select/bulk-bar.tsx";
import { useSelectedKeys, useSelectionStore } from "../select/selection.tsx";
import { ConnectionNotice } from "../shell/connection-notice.tsx";
import { useDialogs } from "../shell/dialogs.tsx";
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
import { useDrag } from "./drag/use-drag.ts";
import { useDropWords } from "./drag/use-drop-words.ts";
import { FirstRun } from "./first-run.tsx";
import { NoResults } from "./no-results.tsx";
import { notMirroredWords } from "./notes.ts";
import { useBoardKeys } from "./use-board-keys.ts";
import { useCardKeys } from "./use-card-keys.ts";
import { useShutColumns } from "./use-shut-columns.ts";
import { BoardSkeleton } from "./board-skeleton.tsx";

const noKeys: ReadonlySet<string> = new Set();
/** Keys that walk between the cards though they also name a field. */
const walkingKeys = ["l"];

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
  const asked = useQuery({ ...boardQuery(effective, needs), enabled: !named || known.complete });
  const board = useShownBoard(asked.data, effective);
  const trackers = useQuery(trackersQuery).data;
  const fresh = useLive("fresh");
  const announcement = useLive("announcement");
  const { shut, toggle } = useShutColumns();

  const [activeKey, setActiveKey] = useState<string | null>(null);
  const handles = useRef(new Map<Status, ColumnHandle>());
  const shown = useMemo(
    () => (board?.columns ?? []).map(({ status }) => status).filter((status) => !shut.has(status)),
    [board, shut],
  );
  const focusCard = useBoardKeys(board, shown, handles, activeKey, openAddress === null);
  useEffect(() => {
    onFocusCard((address) => {
      const card = board && findCard(board, address);
      if (card !== undefined) focusCard(cardKey(card));
    });
    return () => onFocusCard(null);
  }, [board, focusCard, onFocusCard]);
  const follow = useKeptFocus(board, activeKey, openAddress === null, focusCard);

  const { open: openDialog } = useDialogs();
  const selection = useSelectionStore();
  const selected = useSelectedKeys();
  const { move } = useIssueChanges();
  const [said, setSaid] = useState("");
  // What is selected is seen: another filter starts afresh.
  useEffect(() => selection.clear, [selection, canonical]);

  /** The selected issues as they are now, or the card alone where it is not one of them. */
  const issuesWith = useCallback(
    (key: string): readonly IssueShape[] => {
      const loaded = new Map(board?.columns.flatMap(({ issues }) => issues.map((issue) => [cardKey(issue), issue])));
      const chosen = selection.get();
      if (!chosen.has(key)) return [loaded.get(key)].filter((issue) => issue !== undefined);
      return [...chosen].map(([each, issue]) => loaded.get(each) ?? issue);
    },
    [board, selection],
  );
  const moveTo = useCallback(
    (issues: readonly IssueShape[], status: Status, key: string | undefined) => {
      const going = issues.filter((issue) => issue.status !== status);
      if (going.length === 0) return;
      follow(key ?? null);
      setSaid(`${subjectOf(going)} moved to ${statusLabels[status]}`);
      move(going, status, { putAt: handles.current.get(status)?.dropIndex() ?? 0 });
    },
    [move, follow],
  );
  const { drag, onPointerDown, pickUp } = useDrag({
    issuesWith,
    shown,
    announce: setSaid,
    onDrop: (issues, status) => moveTo(issues, status, issues[0] && cardKey(issues[0])),
  });
  const trackerLabels = useMemo(() => new Map(trackers?.trackers.map(({ id, label }) => [id, label])), [trackers]);
  const dropWords = useDropWords(drag, trackerLabels);
  const dropCard = drag?.issues.find(({ status }) => status !== drag.over);
  const dropOver = drag?.over ?? null;
  const drop = useMemo(
    () =>
      dropCard === undefined || dropOver === null || dropWords === null
        ? null
        : { card: { ...dropCard, status: dropOver }, status: dropOver, words: dropWords },
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the words are new in every render, what they say is not
    [dropCard, dropOver, dropWords?.text, dropWords?.possible],
  );
  useCardKeys({
    board,
    shown,
    enabled: openAddress === null,
    pickUp,
    onMove: (key, status) => moveTo(issuesWith(key), status, key),
    onSelect: (key) => {
      const issue = issuesWith(key).find((one) => cardKey(one) === key);
      if (issue !== undefined) selection.toggle(issue);
    },
    onExtend: (key) => {
      const column = board?.columns.find(({ issues }) => issues.some((issue) => cardKey(issue) === key));
      const issue = column?.issues.find((one) => cardKey(one) === key);
      if (column !== undefined && issue !== undefined) selection.extendTo(issue, column.issues);
    },
    onClear: selection.clear,
    hasSelection: selected.size > 0,
    focusCard,
  });

  const change = useCallback(
    (next: BoardQuery, options: { replace: boolean }) => goToBoard(formatQuery(next), options),
    [],
  );

  useFieldKeys(
    (target) => {
      const key = target.closest<HTMLElement>(".card[data-key]")?.dataset["key"];
      const chosen = [...selection.get().keys()];
      const [first = key] = chosen;
      return { issues: first === undefined ? [] : issuesWith(first), selected: chosen.length > 0 };
    },
    openAddress === null,
    walkingKeys,
  );
  const mine = useMine();
  const open = board && openAddress !== null ? findCard(board, openAddress) : undefined;
  const cards = useMemo<CardContext>(
    () => ({
      trackerLabels,
      staleTrackers: new Set(trackers?.trackers.filter(isStale).map(({ id }) => id)),
      mine,
      fresh,
      openKey: open === undefined ? null : cardKey(open),
      selected,
      held: drag?.keys ?? noKeys,
      sort: effective.sort,
      hrefOf: (issue) => issuePath(issue.address, canonical),
    }),
    [trackers, trackerLabels, mine, fresh, open, canonical, selected, drag?.keys, effective.sort],
  );

  const onClick = (event: MouseEvent<HTMLElement>) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.altKey) return;
    const card = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a.card") : null;
    const key = card?.dataset["key"];
    const address = issueInPath(card?.pathname ?? "");
    if (key === undefined || address === null) return;
    event.preventDefault();
    if (event.shiftKey) {
      const column = board?.columns.find(({ issues }) => issues.some((issue) => cardKey(issue) === key));
      const issue = column?.issues.find((one) => cardKey(one) === key);
      if (column !== undefined && issue !== undefined) selection.extendTo(issue, column.issues);
      card?.focus();
      return;
    }
    setActiveKey(key);
    openIssue(address, canonical);
  };

  if (trackers !== undefined && trackers.trackers.every(({ sources }) => sources.length === 0)) {
    return <FirstRun trackers={trackers} />;
  }

  return (
    <>
      <ConnectionNotice />
      <BoardBar board={board} search={canonical} trackers={trackers} />
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
      {asked.error !== null && board === undefined && (
        <BoardFailure error={asked.error} onRetry={() => void asked.refetch()} />
      )}
      {board === undefined && asked.error === null && <BoardSkeleton />}
      {board !== undefined && asked.error !== null && toApiError(asked.error).code !== "server_unreachable" && (
        <div className="px-3 pb-2">
          <ErrorNote error={toApiError(asked.error)} />
        </div>
      )}
      {board !== undefined && board.total === 0 && !asked.isPlaceholderData && (
        <NoResults query={query} board={board} known={known} onChange={change} />
      )}
      {board !== undefined && (board.total > 0 || asked.isPlaceholderData) && (
        <Columns
          board={board}
          cards={cards}
          activeKey={activeKey}
          shut={shut}
          note={notMirroredWords(board.notMirrored)?.sentence ?? null}
          onToggle={toggle}
          onClick={onClick}
          onPointerDown={onPointerDown}
          onCreate={(status) => openDialog({ kind: "create", status })}
          drop={drop}
          onActive={setActiveKey}
          onSeen={(status, count) => needs.set(status, count)}
          onLoadMore={(status) => loadMore(client, effective, status)}
          handles={handles}
        />
      )}
      <BulkBar current={(issues) => (issues[0] === undefined ? [] : issuesWith(cardKey(issues[0])))} />
      <output className="sr-only" aria-live="polite">
        {announcement}
      </output>
      <output className="sr-only">{said}</output>
    </>
  );
}

/** How far each column has been scrolled; another filter starts afresh. */
function useNeeds(query: string): Needs {
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- a new map for every query is the point
  return useMemo<Needs>(() => new Map(), [query]);
}

/**
 * When the focused card leaves its column, the focus goes to the card that took its place instead of nowhere. Gives a function that names a card
 * which is about to move and takes the focus along.
 */
function useKeptFocus(
  board: BoardData | undefined,
  activeKey: string | null,
  enabled: boolean,
  focusCard: (key: string) => void,
): (key: string | null) => void {
  const before = useRef<{ board: BoardData; focused: boolean } | null>(null);
  const followed = useRef<string | null>(null);
  useEffect(() => {
    const last = before.current;
    const changed = board !== undefined && last !== null && last.board !== board;
    const follow = changed ? followed.current : null;
    if (changed) followed.current = null;
    if (follow !== null && board !== undefined && placeOf(board, follow) !== null) focusCard(follow);
    const focused = document.activeElement instanceof HTMLElement && document.activeElement.closest(".card") !== null;
    if (enabled && changed && last?.focused && !focused && activeKey !== null && follow === null) {
      const place = placeOf(last.board, activeKey);
      const column = board?.columns.find(({ status }) => status === place?.status);
      const heir =
        column?.issues[Math.min(place?.index ?? 0, column.issues.length - 1)] ?? board?.columns[0]?.issues[0];
      if (heir !== undefined && document.activeElement === document.body) focusCard(cardKey(heir));
    }
    before.current = board === undefined ? null : { board, focused: focused || follow !== null };
  });
  return useCallback((key) => {
    followed.current = key;
  }, []);
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
