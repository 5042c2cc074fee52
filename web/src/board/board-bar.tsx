import { parseQuery } from "../filter/board-query.ts";
import { canonical } from "../filter/canonical.ts";
import { useQuery } from "@tanstack/react-query";
import { memo } from "react";
import { Link } from "wouter";
import type { TrackerShape, TrackersShape } from "../../../src/server/contract/tracker.ts";
import { viewsQuery } from "../api/queries.ts";
import { WriteCounts } from "../changes/write-counts.tsx";
import { useLive } from "../live/live-store.ts";
import { NewIssueButton } from "../create/new-issue-button.tsx";
import { useDialogs } from "../shell/dialog-control.ts";
import { SearchButton } from "../shell/search-button.tsx";
import { builtInViews } from "../shell/built-in-views.ts";
import { progressWords } from "../shell/tracker-sentence.ts";
import { useSyncNow } from "../shell/use-sync-now.ts";
import { ViewsMenu } from "../shell/views/views-menu.tsx";
import { Icon } from "../ui/icon.tsx";
import { PopoverButton } from "../ui/menu-button.tsx";
import { formatAgo, formatClock, formatCount, formatNumberOf } from "../ui/time.ts";
import { Words } from "../ui/words.tsx";
import { useNow } from "../ui/use-now.ts";
import { useTitle } from "../ui/use-title.ts";
import type { BoardData } from "./data/board-data.ts";
import { MirrorAll } from "./mirror-all.tsx";
import { notMirroredWords, troublesOf, type Trouble } from "./notes.ts";

type BoardBarProps = {
  readonly board: BoardData | undefined;
  /** The board is still the former filter's. */
  readonly isFormer: boolean;
  /** The current filter as a URL query. */
  readonly search: string;
  readonly trackers: TrackersShape | undefined;
};

export const BoardBar = memo(function BoardBar({ board, isFormer, search, trackers }: BoardBarProps) {
  const { data: saved = [] } = useQuery(viewsQuery);
  const { open, preload } = useDialogs();
  const views = [...builtInViews, ...saved.map((view) => ({ ...view, query: canonical(view.query) }))];
  const current = views.find(({ query }) => query === search);
  const name = current?.name ?? (isFiltered(search) ? "Filtered work" : "All work");
  useTitle(name);
  const missing = board === undefined ? null : notMirroredWords(board.notMirrored);
  const troubles = trackers === undefined ? [] : troublesOf(trackers);
  return (
    <header className="bar">
      <h1 className="bar-title">
        <ViewsMenu name={name} search={search} current={current?.id} saved={saved} />
      </h1>
      {current === undefined && (
        <button
          type="button"
          className="icon-button not-phone"
          aria-label="Add to views"
          title="Add to views"
          onPointerEnter={() => preload("save-view")}
          onClick={() => open({ kind: "save-view", query: search })}
        >
          <Icon name="star" />
        </button>
      )}
      {board !== undefined && <Total board={board} isFormer={isFormer} />}
      {missing !== null && board !== undefined && (
        <PopoverButton
          className="bar-state bar-reason not-phone"
          label={`${missing.short}: ${missing.sentence}`}
          align="start"
          trigger={
            <>
              <Icon name="info" size={14} />
              {/* No room for the reason next to the troubles. */}
              {troubles.length === 0 && <span className="wide-only truncate">{missing.sentence}</span>}
              <span className={troubles.length === 0 ? "read-on-phone wide:hidden" : "read-on-phone"}>
                {missing.short}
              </span>
            </>
          }
        >
          <NotMirrored board={board} />
        </PopoverButton>
      )}
      <span className="flex-1" />
      {troubles.length > 0 && (
        <PopoverButton
          className="bar-state flex-none"
          label={formatNumberOf(troubles.length, "problem")}
          trigger={
            <>
              <Icon
                name="alert"
                size={14}
                className={troubles.some(({ severe }) => severe) ? "text-bad" : "text-warn"}
              />
              <span className="phone-only">{formatCount(troubles.length)}</span>
              <span className="not-phone">{formatNumberOf(troubles.length, "problem")}</span>
            </>
          }
        >
          <Troubles troubles={troubles} />
        </PopoverButton>
      )}
      <WriteCounts />
      {trackers !== undefined && <SyncState trackers={trackers.trackers} quiet={troubles.length > 0} />}
      <SearchButton />
      <NewIssueButton />
    </header>
  );
});

function Total({ board, isFormer }: { readonly board: BoardData; readonly isFormer: boolean }) {
  const { total, mirrored } = board;
  if (isFormer) {
    return (
      <output className="bar-total wide-only flex items-center gap-1.5">
        <Icon name="spin" size={12} className="spinning" />
        Loading…
      </output>
    );
  }
  return (
    <span className="bar-total wide-only">
      {total === mirrored
        ? formatNumberOf(total, "issue")
        : `${formatCount(total)} of ${formatNumberOf(mirrored, "issue")}`}
    </span>
  );
}

function NotMirrored({ board }: { readonly board: BoardData }) {
  return (
    <div className="grid gap-2">
      <h2 className="text-12 font-semibold">Not on the board</h2>
      <ul className="grid gap-1">
        {board.notMirrored
          .filter(({ count }) => count !== 0)
          .map((entry) => (
            <li key={`${entry.source} ${entry.reason}`} className="flex items-baseline justify-between gap-6">
              <span>
                {entry.source} <span className="text-ink-3">{entry.reason}</span>
              </span>
              <span className="flex-none text-ink-2">
                {entry.count === null ? "not countable" : formatCount(entry.count)}
              </span>
            </li>
          ))}
      </ul>
      <MirrorAll notMirrored={board.notMirrored} />
    </div>
  );
}

function Troubles({ troubles }: { readonly troubles: readonly Trouble[] }) {
  return (
    <ul className="grid max-h-[60dvh] gap-3 overflow-y-auto">
      {troubles.map((trouble) => (
        <li key={trouble.id} className="grid grid-cols-[14px_minmax(0,1fr)] gap-x-2">
          <Icon name="alert" size={14} className={`mt-[3px] ${trouble.severe ? "text-bad" : "text-warn"}`} />
          <div>
            <Link href={trouble.href} className="font-semibold hover:underline">
              {trouble.title}
            </Link>
            <p className="wrap-anywhere">
              <Words text={trouble.text} />
            </p>
            {trouble.hint !== null && (
              <p className="wrap-anywhere text-ink-3">
                <Words text={trouble.hint} />
              </p>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

type SyncStateProps = {
  readonly trackers: readonly TrackerShape[];
  /** Suppressed because another message about the trackers is shown. */
  readonly quiet: boolean;
};

/** Freshness of the whole board: the last sync of the stalest healthy tracker, or the progress of a running sync. */
function SyncState({ trackers, quiet }: SyncStateProps) {
  const now = useNow();
  const runs = useLive("progress");
  const lostAt = useLive("lostAt");
  const sync = useSyncNow();
  const used = trackers.filter(({ sources }) => sources.length > 0);
  if (used.length === 0) return null;
  if (lostAt !== null) {
    return (
      <span className="bar-state not-phone flex-none">
        <Icon name="wifi-off" size={14} />
        Copy from {formatClock(lostAt)}
      </span>
    );
  }
  if (runs.length > 0) {
    const done = runs.reduce((sum, run) => sum + run.done, 0);
    const total = runs.reduce<number | null>(
      (sum, run) => (sum === null || run.total === null ? null : sum + run.total),
      0,
    );
    return (
      <output className="bar-state flex-none">
        <Icon name="spin" size={14} className="spinning text-run" />
        {progressWords({ done, total })}
      </output>
    );
  }
  if (quiet && !sync.isPending) return null;
  const times = used.flatMap(({ lastSyncAt }) => (lastSyncAt === null ? [] : [Date.parse(lastSyncAt)]));
  const oldest = times.length === 0 ? null : Math.min(...times);
  const healthy = used.every(({ health }) => health === "ok" || health === "syncing");
  return (
    <button
      type="button"
      className="bar-state not-phone flex-none"
      title="Sync now"
      disabled={sync.isPending}
      onClick={() => sync.mutate(used.map(({ connection }) => connection))}
    >
      {sync.isPending ? (
        <Icon name="spin" size={14} className="spinning text-run" />
      ) : (
        <i className="dot" style={{ color: healthy ? "var(--ok)" : "var(--warn)" }} />
      )}
      {sync.isPending ? "Syncing…" : oldest === null ? "Not synced yet" : `Synced ${formatAgo(oldest, now)}`}
    </button>
  );
}

/** Whether issues are filtered out; sorting and grouping do not count. */
function isFiltered(search: string): boolean {
  const { text, chips } = parseQuery(search).query;
  return text !== "" || chips.length > 0;
}
