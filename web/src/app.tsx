import { canonical } from "./filter/canonical.ts";
import { Suspense, useCallback, useEffect, useRef } from "react";
import { Link } from "wouter";
import { useHistoryState, usePathname } from "wouter/use-browser-location";
import { WaitingNotices } from "./agents/waiting-notices.tsx";
import { BoardColumns } from "./board/board-columns.tsx";
import { WorkPage } from "./board/work-page.tsx";
import type { WorkLayoutProps } from "./board/work-layout.ts";
import { Toasts } from "./changes/toasts.tsx";
import { FilePlaces } from "./files/file-places.tsx";
import type { IssuePanelProps } from "./issue/issue-panel.tsx";
import type { IssuePageProps } from "./issue/issue-page.tsx";
import { preloadProse } from "./issue/prose/prose.tsx";
import { Watch } from "./live/watch.tsx";
import { ListSkeleton } from "./list/list-skeleton.tsx";
import { closeIssue, currentLayout, issueInPath, isWorkPath, placeState } from "./routes.ts";
import { HoverCards } from "./refs/hover-cards.tsx";
import { SelectionProvider } from "./select/selection.tsx";
import { Dialogs } from "./shell/dialogs.tsx";
import { OverlayBoundary, PageBoundary } from "./shell/page-boundary.tsx";
import { keepFocus } from "./shell/keep-focus.ts";
import { SearchButton } from "./shell/search-button.tsx";
import { Sidebar, TabBar } from "./shell/sidebar.tsx";
import { loadable } from "./ui/lazy.tsx";
import { useTitle } from "./ui/use-title.ts";

const IssuePanel = loadable<IssuePanelProps>(async () => (await import("./issue/issue-panel.tsx")).IssuePanel);
const IssuePage = loadable<IssuePageProps>(async () => (await import("./issue/issue-page.tsx")).IssuePage);
const ListRows = loadable<WorkLayoutProps>(async () => (await import("./list/list-rows.tsx")).ListRows);
const SettingsPage = loadable<object>(async () => (await import("./settings/settings-page.tsx")).SettingsPage);

const AgentsPage = loadable<object>(async () => (await import("./agents/agents-page.tsx")).AgentsPage);
const ActivityPage = loadable<object>(async () => (await import("./activity/activity-page.tsx")).ActivityPage);

/** How long after start to preload the other pages, so that they do not delay the one shown. */
const idleMs = 1500;

export function App() {
  useEffect(keepFocus, []);
  useEffect(() => {
    // Preload pages that were never opened, so that they work while the server is down.
    const idle = setTimeout(() => {
      for (const part of [ListRows, ActivityPage, AgentsPage, SettingsPage]) part.preload();
    }, idleMs);
    return () => clearTimeout(idle);
  }, []);
  return (
    <FilePlaces>
      <SelectionProvider>
        <Dialogs>
          <a className="skip" href="#main">
            Skip to content
          </a>
          <div className="app">
            <Sidebar />
            <main className="page" id="main" tabIndex={-1}>
              <Page />
            </main>
            <TabBar />
          </div>
          <Toasts />
          <HoverCards />
          <WaitingNotices />
        </Dialogs>
      </SelectionProvider>
    </FilePlaces>
  );
}

/** The page for the current URL, separate from the shell, which need not re-render when the issue changes. */
function Page() {
  const path = usePathname();
  return (
    <PageBoundary key={/^\/(?:settings|activity|agents)/.exec(path)?.[0] ?? "board"}>
      <Suspense fallback={<div className="flex-1" aria-busy="true" />}>
        <PageAt path={path} />
      </Suspense>
    </PageBoundary>
  );
}

function PageAt({ path }: { readonly path: string }) {
  if (isWorkPath(path)) return <WorkWithIssue />;
  if (/^\/activity\/?$/.test(path)) return <ActivityPage />;
  if (/^\/agents(\/|$)/.test(path)) return <AgentsPage />;
  return /^\/settings(\/|$)/.test(path) ? <SettingsPage /> : <NotFound />;
}

/** The board or list, an issue panel over it, or an issue page of its own if its URL was opened directly. */
function WorkWithIssue() {
  const ref = issueInPath(usePathname());
  const over = placeState(useHistoryState()).over === true;
  const layout = currentLayout();
  const focusIssue = useRef<((ref: string) => void) | null>(null);
  const wasOpen = useRef<string | null>(null);
  const keepFocusIssue = useCallback((focus: ((ref: string) => void) | null) => {
    focusIssue.current = focus;
  }, []);

  useEffect(() => {
    const idle = setTimeout(() => {
      IssuePanel.preload();
      preloadProse();
    }, idleMs);
    return () => clearTimeout(idle);
  }, []);

  useEffect(() => {
    const before = wasOpen.current;
    wasOpen.current = ref;
    // The panel closed: return the focus to the card it was opened from, or to the one the user stepped to.
    if (before !== null && ref === null) focusIssue.current?.(before);
  }, [ref]);

  const isPage = ref !== null && !over;
  return (
    <>
      <Watch board={!isPage} issueRef={ref} />
      {isPage ? (
        <IssuePage issueRef={ref} />
      ) : (
        <>
          <WorkPage layout={layout} openAddress={ref} onFocusIssue={keepFocusIssue}>
            {(props) =>
              layout === "board" ? (
                <BoardColumns {...props} />
              ) : (
                <Suspense fallback={<ListSkeleton grouping={props.query.group} />}>
                  <ListRows {...props} />
                </Suspense>
              )
            }
          </WorkPage>
          {ref !== null && (
            <OverlayBoundary onClose={() => closeIssue(canonical(location.search))}>
              <IssuePanel issueRef={ref} />
            </OverlayBoundary>
          )}
        </>
      )}
    </>
  );
}

function NotFound() {
  useTitle("Page not found");
  return (
    <>
      <header className="bar">
        <span className="flex-1" />
        <SearchButton />
      </header>
      <div className="empty">
        <h1>Page not found</h1>
        <p>
          Open an issue by its ref: <code className="font-mono">/issues/PROJ-88</code>.
        </p>
        <Link href="/" className="button mt-3">
          Go to board
        </Link>
      </div>
    </>
  );
}
