import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { toApiError } from "../api/client.ts";
import { api } from "../api/endpoints.ts";
import { queryKeys } from "../api/queries.ts";
import { WriteCounts } from "../changes/write-counts.tsx";
import { OutboxList } from "../outbox/outbox-list.tsx";
import { NewIssueButton } from "../create/new-issue-button.tsx";
import { ConnectionNotice } from "../shell/connection-notice.tsx";
import { SearchButton } from "../shell/search-button.tsx";
import { ErrorNote } from "../ui/error-note.tsx";
import { Icon, TrackerGlyph } from "../ui/icon.tsx";
import { useNow } from "../ui/use-now.ts";
import { ActivityLine } from "./activity-line.tsx";
import { actorKind, actorKinds, groupByAge, type ActorKind, type HistoryEntry } from "./history-groups.ts";
import "./activity.css";

/** Fewer than these to be seen: more are asked for. */
const enough = 40;

const kindLabels: Record<ActorKind, string> = {
  you: "You",
  cli: "CLI",
  agent: "Agents",
  tracker: "In trackers",
  panopticon: "Panopticon",
};

/** What happened, and what is on its way. */
export function ActivityPage() {
  const now = useNow();
  const asked = useInfiniteQuery({
    queryKey: queryKeys.history,
    queryFn: ({ pageParam, signal }) => api.history(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ cursor }) => cursor,
  });
  const [kind, setKind] = useState<ActorKind | null>(null);
  const [tracker, setTracker] = useState<string | null>(null);
  const all = useMemo(() => asked.data?.pages.flatMap(({ history }) => history) ?? [], [asked.data]);
  const trackers = useMemo(() => [...new Set(all.flatMap((entry) => entry.tracker ?? []))], [all]);
  const shown = all.filter(
    (entry) => (kind === null || actorKind(entry.actor) === kind) && (tracker === null || entry.tracker === tracker),
  );
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = asked;
  const more = useRef<HTMLDivElement>(null);

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
    // The address may name a part that has just been drawn.
    if (location.hash !== "") document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }, []);

  return (
    <>
      <ConnectionNotice />
      <header className="bar">
        <h1 className="bar-title">Activity</h1>
        <span className="flex-1" />
        <WriteCounts />
        <SearchButton />
        <NewIssueButton />
      </header>
      <div className="activity">
        <section className="feed" aria-label="What happened">
          <div className="feed-filter">
            <span className="text-ink-3 not-phone">Who</span>
            <Toggle pressed={kind === null} onPress={() => setKind(null)} label="All" />
            {actorKinds.map((one) => (
              <Toggle
                key={one}
                pressed={kind === one}
                onPress={() => setKind(kind === one ? null : one)}
                label={kindLabels[one]}
              />
            ))}
            {trackers.length > 1 && <i className="feed-line" />}
            {trackers.length > 1 &&
              trackers.map((one) => (
                <button
                  type="button"
                  key={one}
                  className="toggle"
                  aria-pressed={tracker === one}
                  aria-label={`Only ${one}`}
                  onClick={() => setTracker(tracker === one ? null : one)}
                >
                  <TrackerGlyph tracker={one} />
                </button>
              ))}
          </div>
          <Feed entries={shown} now={now} />
          {asked.error !== null && (
            <div className="p-4">
              <ErrorNote error={toApiError(asked.error)}>
                <button type="button" className="button" data-size="small" onClick={() => void asked.refetch()}>
                  Retry
                </button>
              </ErrorNote>
            </div>
          )}
          {shown.length === 0 && !asked.isFetching && asked.error === null && (
            <div className="empty">
              <h2>Nothing has happened yet</h2>
              <p>What you, the command line, agents and people in the trackers change is listed here, newest first.</p>
            </div>
          )}
          <div ref={more} className="feed-more">
            {asked.isFetching && <Icon name="spin" size={14} className="spinning text-ink-3" label="loading" />}
          </div>
        </section>
        <OutboxList />
      </div>
    </>
  );
}

function Toggle({
  pressed,
  onPress,
  label,
}: {
  readonly pressed: boolean;
  readonly onPress: () => void;
  readonly label: string;
}) {
  return (
    <button type="button" className="toggle" aria-pressed={pressed} onClick={onPress}>
      {label}
    </button>
  );
}

function Feed({ entries, now }: { readonly entries: readonly HistoryEntry[]; readonly now: number }) {
  // Groups change with the minute, not with the second.
  const minute = Math.floor(now / 60_000);
  const groups = useMemo(() => groupByAge(entries, minute * 60_000), [entries, minute]);
  return groups.map(({ name, entries: own }) => (
    <section key={name} aria-label={name}>
      <h2 className="feed-age">{name}</h2>
      <ul>
        {own.map((entry) => (
          <li key={entry.key}>
            <ActivityLine entry={entry} />
          </li>
        ))}
      </ul>
    </section>
  ));
}
