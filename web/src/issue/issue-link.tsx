import type { ReactNode } from "react";
import { useSearch } from "wouter/use-browser-location";
import { navigate } from "wouter/use-browser-location";
import { Link } from "wouter";
import { canonical, currentSearch } from "../filter/canonical.ts";
import { refAttribute } from "../refs/link-refs.ts";
import { issuePath, openIssue, placeState } from "../routes.ts";

type IssueLinkProps = { readonly issueRef: string; readonly className?: string; readonly children: ReactNode };

type Click = Pick<
  MouseEvent,
  "metaKey" | "ctrlKey" | "shiftKey" | "altKey" | "button" | "defaultPrevented" | "preventDefault"
>;

/** Follows a plain click on a link to an issue: in the panel when this page's issue is in the panel. Other clicks are the browser's. */
export function followIssueLink(event: Click, address: string): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
  event.preventDefault();
  if (placeState(history.state).over === true) openIssue(address, currentSearch(), { back: false });
  else navigate(issuePath(address, currentSearch()));
}

/** Leads to another issue, in the panel when this one is in the panel. */
export function IssueLink({ issueRef, className, children }: IssueLinkProps) {
  const search = canonical(useSearch());
  return (
    <Link
      href={issuePath(issueRef, search)}
      className={className}
      {...{ [refAttribute]: issueRef }}
      onClick={(event) => followIssueLink(event, issueRef)}
    >
      {children}
    </Link>
  );
}
