import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { outsideAddress } from "../files/outside-address.ts";
import { issueQuery, trackersQuery } from "../api/queries.ts";
import { issuePath } from "../routes.ts";
import { commandKey, isMac } from "../shell/shortcuts.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { Icon, TrackerGlyph } from "../ui/icon.tsx";
import { isAnswered } from "./is-answered.ts";

type IssueActionsProps = {
  readonly issueRef: string;
  /** The issue's card, if any, shown until the issue is loaded. */
  readonly card?: IssueShape | undefined;
  /** Whether the ref is the page's heading; over the board, the heading is the board's. */
  readonly isPage?: boolean;
};

/** The ref, copy buttons, and the link to the tracker. */
export function IssueActions({ issueRef, card, isPage = false }: IssueActionsProps) {
  const Name = isPage ? "h1" : "span";
  const read = useQuery(issueQuery(issueRef));
  const issue = read.data ?? (isAnswered(read.error) ? undefined : card);
  const label = useQuery(trackersQuery).data?.trackers.find(({ id }) => id === issue?.tracker)?.label ?? "the tracker";
  const ref = issue?.ref ?? issueRef;
  const link = new URL(issuePath(issueRef), location.href).href;
  const branch = issue?.workspace?.branch;

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(isMac ? event.metaKey : event.ctrlKey) || event.altKey) return;
      // With Shift, `event.key` is the shifted character.
      const isPoint = event.code === "Period" || event.key === ".";
      const text = isPoint
        ? event.shiftKey
          ? branch
          : ref
        : isMac && event.shiftKey && event.key.toLowerCase() === "c"
          ? link
          : undefined;
      if (text === undefined) return;
      event.preventDefault();
      navigator.clipboard.writeText(text).catch(() => undefined);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [ref, link, branch]);

  return (
    <>
      {issue !== undefined && <TrackerGlyph tracker={issue.tracker} label={label} size={16} />}
      <Name className="mx-1 truncate font-semibold">{ref}</Name>
      <CopyButton text={ref} label={`Copy reference (${commandKey(".")})`} />
      {/* On a phone only the ref fits: the link is in the address bar, and a branch name is needed where git is. */}
      <CopyButton text={link} label={isMac ? "Copy link (⌘⇧C)" : "Copy link"} icon="link" className="not-phone" />
      {branch !== undefined && (
        <CopyButton
          text={branch}
          label={`Copy branch name (${commandKey("⇧.")})`}
          icon="branch"
          className="not-phone"
        />
      )}
      {issue !== undefined && <span className="mx-1 h-4 w-px flex-none bg-line-2 not-phone" />}
      {issue !== undefined && issue.url !== null && (
        <a
          className="button flex-none"
          data-kind="quiet"
          data-size="small"
          href={outsideAddress(issue.url)}
          target="_blank"
          rel="noopener noreferrer"
          title={`Open in ${label}`}
        >
          <Icon name="ext" />
          <span className="not-phone">Open in {label}</span>
        </a>
      )}
    </>
  );
}
