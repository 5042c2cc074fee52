import { canonical } from "../filter/canonical.ts";
import { useEffect, useId } from "react";
import { Link } from "wouter";
import { useSearch } from "wouter/use-browser-location";
import { WriteCounts } from "../changes/write-counts.tsx";
import { workPath, goToWork } from "../routes.ts";
import { NewIssueButton } from "../create/new-issue-button.tsx";
import { ConnectionNotice } from "../shell/connection-notice.tsx";
import { SearchButton } from "../shell/search-button.tsx";
import { Icon } from "../ui/icon.tsx";
import { IssueActions } from "./issue-actions.tsx";
import { IssueView } from "./issue-view.tsx";

export type IssuePageProps = { readonly issueRef: string };

/** The page of an issue whose URL was opened directly. */
export function IssuePage({ issueRef }: IssuePageProps) {
  const titleId = useId();
  const search = canonical(useSearch());
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented && document.querySelector("[role=dialog]") === null) {
        goToWork(search);
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [search]);
  return (
    <>
      <ConnectionNotice />
      <header className="bar gap-1!">
        <Link
          href={workPath(search)}
          className="button -ml-2"
          data-kind="quiet"
          data-size="small"
          title="Back to board (Esc)"
        >
          <Icon name="right" className="rotate-180" />
          <span className="read-on-phone">Board</span>
        </Link>
        <IssueActions issueRef={issueRef} isPage />
        <span className="flex-1" />
        <WriteCounts />
        {/* On a phone the title needs the space; both buttons are on the board, one step back. */}
        <span className="ml-1 flex min-w-0 items-center gap-2 not-phone">
          <SearchButton />
          <NewIssueButton />
        </span>
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrollable text must be reachable by keyboard */}
      <section className="issue-scroll" tabIndex={0} aria-labelledby={titleId}>
        <div className="issue-column">
          <IssueView key={issueRef} issueRef={issueRef} titleId={titleId} />
        </div>
      </section>
    </>
  );
}
