import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { navigate, useSearch } from "wouter/use-browser-location";
import { toApiError } from "../api/client.ts";
import { api } from "../api/endpoints.ts";
import { queryKeys } from "../api/queries.ts";
import { useOutbox } from "../changes/use-outbox.ts";
import { WriteCounts } from "../changes/write-counts.tsx";
import { OutboxList } from "../outbox/outbox-list.tsx";
import { NewIssueButton } from "../create/new-issue-button.tsx";
import { ConnectionNotice } from "../shell/connection-notice.tsx";
import { SearchButton } from "../shell/search-button.tsx";
import { ErrorNote } from "../ui/error-note.tsx";
import { Icon } from "../ui/icon.tsx";
import { formatNumberOf } from "../ui/time.ts";
import { useNow } from "../ui/use-now.ts";
import { ActivityLine } from "./activity-line.tsx";
import { FeedFilter } from "./feed-filter.tsx";
import {
  countEntries,
  everything,
  describeSettled,
  type HistoryFilter,
  historyQuery,
  readHistoryFilter,
} from "./history-counts.ts";
import { groupByAge, startOfYesterday, type HistoryEntry } from "./history-groups.ts";
import { useTitle } from "../ui/use-title.ts";
import "./activity.css";

/** Fetch another page while fewer entries than this are shown. */
const enough = 40;

/** The activity feed next to the outbox. */
export function ActivityPage() {
  useTitle("Activity");
  const now = useNow();
  const filter = readHistoryFilter(useSearch());
  const query = historyQuery(filter);
  const asked = useInfiniteQuery({
    queryKey: [...queryKeys.history, query],
    queryFn: ({ pageParam, signal }) => api.history({ ...query, ...pageQuery(pageParam) }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ cursor }) => cursor,
    placeholderData: keepPreviousData,
  });
  const shown = useMemo(() => asked.data?.pages.flatMap(({ history }) => history) ?? [], [asked.data]);
  const counts = asked.data?.pages[0]?.counts ?? undefined;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = asked;
  const more = useRef<HTMLDivElement>(null);
  const feed = useRef<HTMLElement>(null);
  /** Toggles between settled changes and everything. Where the outbox is stacked above the feed, scrolls the feed into view. */
  const showSettled = () => {
    showFilter({ ...everything, settled: !filter.settled });
    feed.current?.scrollTo(0, 0);
    if (!filter.settled && feed.current !== null) bringToTop(feed.current);
  };

  useEffect(() => {
    if (shown.length < enough && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [shown.length, hasNextPage, isFetchingNextPage, fetchNextPage]);
  useEffect(() => {
    const element = more.current;
    if (element === null || !hasNextPage) return undefined;
    const observer = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting) void fetchNextPage();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [hasNextPage, fetchNextPage]);
  useEffect(() => {
    // The hash may name an element that was only just rendered.
    const part = location.hash === "" ? null : document.getElementById(location.hash.slice(1));
    if (part !== null) bringToTop(part);
  }, []);

  return (
    <>
      <ConnectionNotice />
      <header className="bar">
        <h1 className="bar-title">Activity</h1>
        {counts !== undefined && (
          <span className="bar-total wide-only">
            {formatNumberOf(countEntries(counts, filter), "change")} since yesterday
          </span>
        )}
        <span className="flex-1" />
        <WriteCounts />
        <SearchButton />
        <NewIssueButton />
      </header>
      <div className="activity">
        <section ref={feed} className="feed" aria-label="Feed">
          <FeedFilter filter={filter} counts={counts} waiting={asked.isPending} onChange={showFilter} />
          <Feed entries={shown} isComplete={!hasNextPage} now={now} />
          {asked.error !== null && (
            <div className="p-4">
              <ErrorNote error={toApiError(asked.error)} onRetry={() => void asked.refetch()} />
            </div>
          )}
          {shown.length === 0 && !asked.isFetching && asked.error === null && (
            <Nothing isFiltered={Object.keys(query).length > 0} />
          )}
          <div ref={more} className="feed-more">
            {asked.isFetching && <Icon name="spin" size={14} className="spinning text-ink-3" label="loading" />}
          </div>
        </section>
        <OutboxList
          settled={counts === undefined ? null : describeSettled(counts)}
          showsSettled={filter.settled}
          onShowSettled={showSettled}
        />
      </div>
    </>
  );
}

/** Scrolls only the page's own scroll containers: `scrollIntoView` would also push the bar and the tabs out of the window. */
function bringToTop(element: HTMLElement): void {
  for (const frame of [element.closest(".outbox"), element.closest(".activity")]) {
    if (frame === null || frame === element || frame.scrollHeight <= frame.clientHeight) continue;
    frame.scrollTop += element.getBoundingClientRect().top - frame.getBoundingClientRect().top;
  }
}

/** The query for the page after `cursor`; the first page also asks for the counts. */
function pageQuery(cursor: string | null): Readonly<Record<string, string>> {
  if (cursor !== null) return { cursor };
  return { countSince: new Date(startOfYesterday(Date.now())).toISOString() };
}

/** Applies a filter by writing it to the URL. */
function showFilter(filter: HistoryFilter): void {
  const query = new URLSearchParams(historyQuery(filter)).toString();
  navigate(query === "" ? "/activity" : `/activity?${query}`, { replace: true });
}

function Nothing({ isFiltered }: { readonly isFiltered: boolean }) {
  if (!isFiltered) {
    return (
      <div className="empty">
        <h2>No activity yet</h2>
        <p>Changes by you, the CLI, agents and people in the trackers appear here, newest first.</p>
      </div>
    );
  }
  return (
    <div className="empty">
      <h2>No matching activity</h2>
      <p>Nothing matches this filter. Clear it to see all changes.</p>
      <button type="button" className="button" onClick={() => showFilter(everything)}>
        Clear filter
      </button>
    </div>
  );
}

type FeedProps = {
  readonly entries: readonly HistoryEntry[];
  /** There are no older entries to load. */
  readonly isComplete: boolean;
  readonly now: number;
};

function Feed({ entries, isComplete, now }: FeedProps) {
  // Regroup once a minute, not once a second.
  const minute = Math.floor(now / 60_000);
  const groups = useMemo(() => groupByAge(entries, minute * 60_000), [entries, minute]);
  const outbox = useOutbox();
  const operations = useMemo(() => new Map(outbox.map((operation) => [operation.id, operation])), [outbox]);
  return groups.map(({ name, entries: own }, index) => (
    <section key={name} aria-label={name}>
      <h2 className="feed-age">
        {name}
        {/* The last group may still grow. */}
        {(isComplete || index < groups.length - 1) && (
          <span className="font-normal">{formatNumberOf(own.length, "change")}</span>
        )}
      </h2>
      <ul>
        {own.map((entry) => (
          <li key={entry.key}>
            <ActivityLine
              entry={entry}
              operation={entry.operation === null ? undefined : operations.get(entry.operation)}
            />
          </li>
        ))}
      </ul>
    </section>
  ));
}
