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

/** Handles a plain click on an issue link: opens the issue in the panel if the current one is there. Other clicks are left to the browser. */
export function followIssueLink(event: Click, address: string): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
  event.preventDefault();
  if (placeState(history.state).over === true) openIssue(address, currentSearch(), { back: false });
  else navigate(issuePath(address, currentSearch()));
}

/** A link to another issue, opened in the panel if the current one is there. */
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
