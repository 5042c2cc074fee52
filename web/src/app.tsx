import { Suspense, useCallback, useEffect, useRef } from "react";
import { useHistoryState, usePathname } from "wouter/use-browser-location";
import { BoardPage } from "./board/board-page.tsx";
import { Toasts } from "./changes/toasts.tsx";
import { FilePlaces } from "./files/file-places.tsx";
import type { IssuePanelProps } from "./issue/issue-panel.tsx";
import type { IssuePageProps } from "./issue/issue-page.tsx";
import { useWatch } from "./live/use-watch.ts";
import { closeIssue, issueInPath, placeState } from "./routes.ts";
import { SelectionProvider } from "./select/selection.tsx";
import { Dialogs } from "./shell/dialogs.tsx";
import { OverlayBoundary, PageBoundary } from "./shell/page-boundary.tsx";
import { canonical, Sidebar, TabBar } from "./shell/sidebar.tsx";
import { loadable } from "./ui/lazy.tsx";

const IssuePanel = loadable<IssuePanelProps>(async () => (await import("./issue/issue-panel.tsx")).IssuePanel);
const IssuePage = loadable<IssuePageProps>(async () => (await import("./issue/issue-page.tsx")).IssuePage);
const SettingsPage = loadable<object>(async () => (await import("./settings/settings-page.tsx")).SettingsPage);

const ActivityPage = loadable<object>(async () => (await import("./activity/activity-page.tsx")).ActivityPage);

export function App() {
  const path = usePathname();
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
              <PageBoundary key={/^\/(?:settings|activity)/.exec(path)?.[0] ?? "board"}>
                <Suspense fallback={<div className="flex-1" aria-busy="true" />}>
                  <Page path={path} />
                </Suspense>
              </PageBoundary>
            </main>
            <TabBar />
          </div>
          <Toasts />
        </Dialogs>
      </SelectionProvider>
    </FilePlaces>
  );
}

function Page({ path }: { readonly path: string }) {
  if (path === "/" || path.startsWith("/issues/")) return <BoardWithIssue />;
  if (/^\/activity\/?$/.test(path)) return <ActivityPage />;
  return /^\/settings(\/|$)/.test(path) ? <SettingsPage /> : <NotFound />;
}

/** The board, an issue over it, or an issue alone when its address was opened directly. */
function BoardWithIssue() {
  const ref = issueInPath(usePathname());
  const over = placeState(useHistoryState()).over === true;
  const focusCard = useRef<((ref: string) => void) | null>(null);
  const wasOpen = useRef<string | null>(null);
  const keepFocusCard = useCallback((focus: ((ref: string) => void) | null) => {
    focusCard.current = focus;
  }, []);

  useEffect(() => {
    const idle = setTimeout(IssuePanel.preload, 1500);
    return () => clearTimeout(idle);
  }, []);

  useEffect(() => {
    const before = wasOpen.current;
    wasOpen.current = ref;
    // The panel is gone: back to the card it was opened from, or the one it was moved on to.
    if (before !== null && ref === null) focusCard.current?.(before);
  }, [ref]);

  useWatch(ref === null || over, ref);

  if (ref !== null && !over) return <IssuePage issueRef={ref} />;
  return (
    <>
      <BoardPage openAddress={ref} onFocusCard={keepFocusCard} />
      {ref !== null && (
        <OverlayBoundary onClose={() => closeIssue(canonical(location.search))}>
          <Suspense fallback={null}>
            <IssuePanel issueRef={ref} />
          </Suspense>
        </OverlayBoundary>
      )}
    </>
  );
}

function NotFound() {
  return (
    <div className="empty">
      <h2>There is no such page</h2>
      <p>
        The board is at{" "}
        <a className="underline" href="/">
          the start
        </a>
        , an issue at <code>/issues/REF</code>.
      </p>
    </div>
  );
}
