import { canonical } from "../filter/canonical.ts";
import type { MouseEvent, ReactNode } from "react";
import { useSearch } from "wouter/use-browser-location";
import { useHistoryState } from "wouter/use-browser-location";
import { issuePath, openIssue, placeState } from "../routes.ts";
import { Link } from "wouter";

type IssueLinkProps = { readonly issueRef: string; readonly className?: string; readonly children: ReactNode };

/** Leads to another issue, in the panel when this one is in the panel. */
export function IssueLink({ issueRef, className, children }: IssueLinkProps) {
  const search = canonical(useSearch());
  const over = placeState(useHistoryState()).over === true;
  const onClick = (event: MouseEvent) => {
    if (!over || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
    event.preventDefault();
    openIssue(issueRef, search, { back: false });
  };
  return (
    <Link href={issuePath(issueRef, search)} className={className} onClick={onClick}>
      {children}
    </Link>
  );
}
