import { useQuery } from "@tanstack/react-query";
import { Suspense, useCallback, useEffect, useMemo, type ReactNode } from "react";
import { useSearch } from "wouter/use-browser-location";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { toApiError } from "../api/client.ts";
import { trackersQuery } from "../api/queries.ts";
import { layOver } from "../changes/local-change.ts";
import { useLocalChanges, useMine, useShownBoard } from "../changes/local-changes.tsx";
import { matchesQuery } from "../changes/matches-query.ts";
import { formatQuery, type BoardQuery } from "../filter/board-query.ts";
import { readQuery } from "../filter/suggestions.ts";
import { useLive } from "../live/live-store.ts";
import { goToWork, type Layout } from "../routes.ts";
import { BulkBar } from "../select/bulk-bar.tsx";
import { useSelectionStore } from "../select/selection.tsx";
import { ConnectionNotice } from "../shell/connection-notice.tsx";
import { isStale } from "../shell/tracker-sentence.ts";
import { useVocabulary } from "../shell/use-trackers.ts";
import { ErrorNote } from "../ui/error-note.tsx";
import { Icon } from "../ui/icon.tsx";
import { loadable } from "../ui/lazy.tsx";
import { useIsLate } from "../ui/use-is-late.ts";
import { Words } from "../ui/words.tsx";
import { BoardBar } from "./board-bar.tsx";
import { cardKey } from "./data/board-data.ts";
import { boardQuery, type Needs } from "./data/board-query-cache.ts";
import { ListSkeleton } from "../list/list-skeleton.tsx";
import { BoardSkeleton } from "./board-skeleton.tsx";
import { FilterRow } from "./filter-row.tsx";
import type { FirstRunProps } from "./first-run.tsx";
import { NoResults } from "./no-results.tsx";
import type { IssueLooks, WorkLayoutProps } from "./work-layout.ts";

// Needed once per user, and it pulls in the settings forms, so load it lazily.
const FirstRun = loadable<FirstRunProps>(async () => (await import("./first-run.tsx")).FirstRun);

type WorkPageProps = Pick<WorkLayoutProps, "openAddress" | "onFocusIssue"> & {
  readonly layout: Layout;
  readonly children: (props: WorkLayoutProps) => ReactNode;
};

/** The issues that match a filter, as a board or a list, and everything around them. */
export function WorkPage({ layout, openAddress, onFocusIssue, children }: WorkPageProps) {
  const search = useSearch();
  const known = useVocabulary();
  const { query, effective, problems } = useMemo(() => readQuery(search, known), [search, known]);
  const canonical = formatQuery(query);
  const needs = useNeeds(formatQuery(effective));
  // Values of trackers and projects can be validated only once those are loaded.
  const named = query.chips.some(({ key }) => key === "tracker" || key === "project");
  const asked = useQuery({ ...boardQuery(effective, needs), enabled: !named || known.complete });
  const board = useShownBoard(asked.data, effective);
  // Until the answer for a changed filter is there, the former one's issues are shown, but not their counts.
  const isFormer = useIsLate(asked.isPlaceholderData && asked.error === null);
  const trackers = useQuery(trackersQuery).data;
  const announcement = useLive("announcement");
  const looks = useLooks();
  const Skeleton = layout === "list" ? ListSkeleton : BoardSkeleton;
  const selection = useSelectionStore();
  // Only visible issues stay selected: a new filter clears the selection, and a change that takes an issue out of the filter deselects it.
  useEffect(() => selection.clear, [selection, canonical]);
  const changes = useLocalChanges();
  const { mine } = looks;
  useEffect(() => {
    const left = [...selection.get()].filter(([key, issue]) => {
      const own = changes.filter((change) => change.key === key);
      return own.length > 0 && !matchesQuery(layOver(issue, own, 0), effective, mine);
    });
    if (left.length > 0) selection.remove(new Set(left.map(([key]) => key)));
  }, [changes, selection, effective, mine]);

  const current = useCallback(
    (issues: readonly IssueShape[]): readonly IssueShape[] => {
      const loaded = new Map(board?.columns.flatMap((column) => column.issues.map((issue) => [cardKey(issue), issue])));
      return issues.map((issue) => loaded.get(cardKey(issue)) ?? issue);
    },
    [board],
  );
  const issuesWith = useCallback(
    (key: string): readonly IssueShape[] => {
      const chosen = selection.get();
      if (chosen.has(key)) return current([...chosen.values()]);
      for (const column of board?.columns ?? []) {
        const found = column.issues.find((issue) => cardKey(issue) === key);
        if (found !== undefined) return [found];
      }
      return [];
    },
    [board, selection, current],
  );
  const change = useCallback(
    (next: BoardQuery, options: { replace: boolean }) => goToWork(formatQuery(next), options),
    [],
  );

  if (trackers !== undefined && trackers.trackers.every(({ sources }) => sources.length === 0)) {
    return (
      <Suspense fallback={<div className="flex-1" aria-busy="true" />}>
        <FirstRun trackers={trackers} />
      </Suspense>
    );
  }
  return (
    <>
      <ConnectionNotice />
      <BoardBar board={board} isFormer={isFormer} search={canonical} trackers={trackers} />
      <FilterRow layout={layout} query={query} known={known} onChange={change} />
      {problems.length > 0 && (
        <div className="notice mx-3 mb-2 rounded-r2 border-b-0!" role="alert">
          <Icon name="alert" size={14} />
          <p className="min-w-0 flex-1 wrap-anywhere">
            {problems.map(({ message }) => message).join(". ")}. The other filters still apply.
          </p>
          <button
            type="button"
            className="button"
            data-size="small"
            onClick={() => goToWork(formatQuery(effective), { replace: true })}
          >
            Remove from URL
          </button>
        </div>
      )}
      {asked.error !== null && board === undefined && (
        <BoardFailure error={asked.error} onRetry={() => void asked.refetch()} />
      )}
      {board === undefined && asked.error === null && <Skeleton grouping={effective.group} />}
      {board !== undefined && asked.error !== null && toApiError(asked.error).code !== "server_unreachable" && (
        <div className="px-3 pb-2">
          <ErrorNote error={toApiError(asked.error)} />
        </div>
      )}
      {board !== undefined && board.total === 0 && !asked.isPlaceholderData && (
        <NoResults query={query} board={board} known={known} onChange={change} />
      )}
      {board !== undefined && (board.total > 0 || asked.isPlaceholderData) && (
        <div className="contents" data-former={isFormer || undefined} aria-busy={isFormer || undefined}>
          {children({
            board,
            query: effective,
            search: canonical,
            needs,
            openAddress,
            onFocusIssue,
            issuesWith,
            looks,
          })}
        </div>
      )}
      <BulkBar current={current} />
      <output className="sr-only" aria-live="polite">
        {announcement}
      </output>
    </>
  );
}

/** How far each column has been scrolled; reset for each filter. */
function useNeeds(query: string): Needs {
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- a new map for every query is the point
  return useMemo<Needs>(() => new Map(), [query]);
}

function useLooks(): IssueLooks {
  const trackers = useQuery(trackersQuery).data?.trackers;
  const fresh = useLive("fresh");
  const mine = useMine();
  return useMemo(
    () => ({
      trackerLabels: new Map(trackers?.map(({ id, label }) => [id, label])),
      staleTrackers: new Set(trackers?.filter(isStale).map(({ id }) => id)),
      mine,
      fresh,
    }),
    [trackers, mine, fresh],
  );
}

function BoardFailure({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  const known = toApiError(error);
  const signedOut = known.status === 401;
  return (
    <div className="empty" role="alert">
      <h2>{signedOut ? "Sign in again" : <Words text={known.message} />}</h2>
      {signedOut && (
        <p>
          <Words text={known.message} />
        </p>
      )}
      {known.hint !== undefined && (
        <p>
          <Words text={known.hint} />
        </p>
      )}
      <button type="button" className="button mt-3" onClick={onRetry}>
        Retry
      </button>
    </div>
  );
}
