import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { useLocationProperty } from "wouter/use-browser-location";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { useWaitingCount } from "../agents/waiting-notices.tsx";
import { trackersQuery } from "../api/queries.ts";
import { useOutboxCounts } from "../changes/use-outbox.ts";
import { useLive } from "../live/live-store.ts";
import { isWorkPath } from "../routes.ts";
import { Icon, TrackerGlyph, type IconName } from "../ui/icon.tsx";
import { formatCount } from "../ui/time.ts";
import { useNow } from "../ui/use-now.ts";
import { useDialogs } from "./dialog-control.ts";
import { useTheme } from "./theme.ts";
import { connectionLabel, toneColors, trackerSentence } from "./tracker-sentence.ts";
import { issuesOf, shownTrackers, useProgress } from "./use-trackers.ts";
import { useSyncNow } from "./use-sync-now.ts";
import { Views } from "./views/views.tsx";

const pages: readonly { readonly path: string; readonly label: string; readonly icon: IconName }[] = [
  { path: "/", label: "Board", icon: "board" },
  { path: "/agents", label: "Agents", icon: "agents" },
  { path: "/activity", label: "Activity", icon: "activity" },
  { path: "/settings", label: "Settings", icon: "settings" },
];

/** The current page, or none for an unknown path; an issue over it does not count, so opening one does not re-render the sidebar. */
function usePage(): string {
  return useLocationProperty(pageHere);
}

function pageHere(): string {
  return (
    pages.find(({ path }) => path !== "/" && location.pathname.startsWith(path))?.path ??
    (isWorkPath(location.pathname) ? "/" : "")
  );
}

export function Sidebar() {
  const [, toggleTheme] = useTheme();
  const page = usePage();
  const { open, preload } = useDialogs();
  const { data, isPending } = useQuery(trackersQuery);
  const trackers = data?.trackers ?? [];
  const sync = useSyncNow();
  const syncable = trackers.filter(({ health, sources }) => health !== "not_configured" && sources.length > 0);
  const configured = trackers.some(({ sources }) => sources.length > 0);
  return (
    <aside className="side">
      <div className="brand">
        <Icon name="mark" className="brand-mark" />
        <span className="flex-1">Panopticon</span>
        <button
          type="button"
          className="icon-button"
          aria-label="Switch theme"
          title="Switch theme"
          onClick={toggleTheme}
        >
          <Icon name="moon" />
        </button>
      </div>
      <nav className="side-list" aria-label="Main">
        {pages.map(({ path, label, icon }) => (
          <Link
            key={path}
            href={path}
            className="side-link"
            aria-current={page === path ? "page" : undefined}
            title={label}
          >
            <Icon name={icon} />
            <span>{label}</span>
            {path === "/agents" && <AgentsWait />}
            {path === "/activity" && <NeedsYou />}
          </Link>
        ))}
      </nav>
      {configured && <Views isWork={page === "/"} />}
      <div className="side-section">
        Trackers
        {syncable.length > 0 && (
          <button
            type="button"
            className="icon-button"
            aria-label="Sync all now"
            title="Sync all now"
            disabled={sync.isPending}
            onClick={() => sync.mutate(syncable.map(({ connection }) => connection))}
          >
            <Icon name="sync" className={sync.isPending ? "spinning" : undefined} />
          </button>
        )}
      </div>
      <nav className="side-list trackers" aria-label="Trackers" aria-busy={isPending}>
        {isPending && [0, 1, 2].map((row) => <i key={row} className="late bone mx-2 my-4 h-3 w-28" />)}
        {shownTrackers(trackers).map((tracker) => (
          <TrackerRow key={tracker.connection} tracker={tracker} />
        ))}
      </nav>
      <div className="side-foot">
        <span className="address">{location.host}</span>
        <button
          type="button"
          className="icon-button"
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts"
          onPointerEnter={() => preload("shortcuts")}
          onClick={() => open({ kind: "shortcuts" })}
        >
          <kbd>?</kbd>
        </button>
      </div>
    </aside>
  );
}

/** The number of agents waiting for the user. */
function AgentsWait() {
  const { waiting, all } = useWaitingCount();
  return waiting === 0 ? null : (
    <b className="side-count" data-hot title={`${waiting} of ${all} agents wait for input`}>
      {formatCount(waiting)}
      <span> waiting</span>
    </b>
  );
}

/** The number of changes that need the user. */
function NeedsYou() {
  const { failed, conflicts } = useOutboxCounts();
  const count = failed + conflicts;
  return count === 0 ? null : (
    <b className="side-count" data-hot title="Failed writes and conflicts">
      {formatCount(count)}
    </b>
  );
}

function TrackerRow({ tracker }: { readonly tracker: TrackerShape }) {
  const now = useNow();
  const progress = useProgress(tracker);
  const lostAt = useLive("lostAt");
  const sentence = trackerSentence(tracker, progress, now, lostAt);
  return (
    <Link href={`/settings#${tracker.connection}`} className="tracker-row" title={sentence.title}>
      <TrackerGlyph tracker={tracker.id} label={tracker.label} size={16} />
      <span className="tracker-name">{connectionLabel(tracker)}</span>
      {tracker.sources.length > 0 && <span className="tracker-count">{formatCount(issuesOf(tracker))}</span>}
      <span className="tracker-state" data-tone={sentence.tone}>
        <i
          className={`dot ${sentence.tone === "busy" ? "pulsing" : ""}`}
          data-hollow={sentence.tone === "off" || undefined}
          style={{ color: toneColors[sentence.tone] }}
        />
        <span className="tracker-sentence truncate">{sentence.text}</span>
      </span>
    </Link>
  );
}

/** The same navigation for narrow screens. */
export function TabBar() {
  const page = usePage();
  const { data } = useQuery(trackersQuery);
  const trouble =
    data?.trackers.some(({ health }) => ["auth", "misconfigured", "unreachable"].includes(health)) ?? false;
  const { failed, conflicts } = useOutboxCounts();
  const { waiting } = useWaitingCount();
  return (
    <nav className="tabbar" aria-label="Main">
      {pages.map(({ path, label, icon }) => (
        <Link key={path} href={path} className="tab" aria-current={page === path ? "page" : undefined}>
          <Icon name={icon} />
          {label}
          {path === "/agents" && waiting > 0 && <TabCount count={waiting} words={`${waiting} waiting`} />}
          {path === "/activity" && failed + conflicts > 0 && (
            <TabCount
              count={failed + conflicts}
              words={`${failed + conflicts} ${failed + conflicts === 1 ? "needs" : "need"} you`}
            />
          )}
          {path === "/settings" && trouble && <TabDot words="a tracker has a problem" />}
        </Link>
      ))}
    </nav>
  );
}

/** How much on a page needs the user; `words` say what to screen readers. */
function TabCount({ count, words }: { readonly count: number; readonly words: string }) {
  return (
    <>
      <b className="tab-count" aria-hidden="true" title={words}>
        {count > 99 ? "99+" : count}
      </b>
      <span className="sr-only">, {words}</span>
    </>
  );
}

/** A dot for pages that need the user; `words` say why to screen readers. */
function TabDot({ words }: { readonly words: string }) {
  return (
    <>
      <i className="dot" style={{ color: "var(--warn)" }} title={words} />
      <span className="sr-only">, {words}</span>
    </>
  );
}
