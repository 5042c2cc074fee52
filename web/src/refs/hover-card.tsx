import { PreviewCard } from "@base-ui/react/preview-card";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useId } from "react";
import { foldName } from "../../../src/domain/fold-name.ts";
import { priorityLabels } from "../../../src/domain/priority.ts";
import { statusLabels } from "../../../src/domain/status.ts";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { toApiError } from "../api/client.ts";
import { issueQuery, trackersQuery } from "../api/queries.ts";
import { nativeStateBeside } from "../board/card/native-state.ts";
import { useMine } from "../changes/local-changes.tsx";
import { Avatar } from "../ui/avatar.tsx";
import { PriorityIcon, StatusIcon, TrackerGlyph } from "../ui/icon.tsx";
import { formatAgo } from "../ui/time.ts";
import { useAgo } from "../ui/use-now.ts";
import "./hover-card.css";

export type HoverCardProps = { readonly anchor: HTMLElement; readonly address: string };

/** A preview of an issue next to a link to it. */
export function HoverCard({ anchor, address }: HoverCardProps) {
  const id = useId();
  const { data, error } = useQuery(issueQuery(address));
  useEffect(() => {
    anchor.setAttribute("aria-describedby", id);
    return () => anchor.removeAttribute("aria-describedby");
  }, [anchor, id]);
  // Show no placeholder: loading takes no longer than a frame or two.
  if (data === undefined && error === null) return null;
  return (
    <PreviewCard.Root open>
      <PreviewCard.Portal>
        <PreviewCard.Positioner anchor={anchor} side="top" align="start" sideOffset={6} className="z-50">
          <PreviewCard.Popup className="hover-card" id={id} role="tooltip">
            {data === undefined ? <p>{toApiError(error).message}</p> : <About issue={data} />}
          </PreviewCard.Popup>
        </PreviewCard.Positioner>
      </PreviewCard.Portal>
    </PreviewCard.Root>
  );
}

function About({ issue }: { readonly issue: IssueShape }) {
  const ago = useAgo(issue.updatedAt, formatAgo);
  const mine = useMine();
  const label = useQuery(trackersQuery).data?.trackers.find(({ id }) => id === issue.tracker)?.label ?? issue.tracker;
  const native = nativeStateBeside(issue);
  const [person = null] = issue.assignees;
  return (
    <>
      <p className="hover-card-top">
        <TrackerGlyph tracker={issue.tracker} label={label} />
        <span className="truncate">{issue.ref}</span>
        <span className="hover-card-where truncate">{issue.project}</span>
        <time className="ml-auto flex-none" dateTime={issue.updatedAt}>
          {ago}
        </time>
      </p>
      <p className="hover-card-title" dir="auto">
        {issue.title}
      </p>
      <p className="hover-card-foot">
        <StatusIcon status={issue.status} size={14} label={false} />
        <span>{statusLabels[issue.status]}</span>
        {native !== null && foldName(native) !== foldName(statusLabels[issue.status]) && (
          <span className="chip" data-native>
            {native}
          </span>
        )}
        {issue.priority > 0 && (
          <span className="hover-card-part">
            <PriorityIcon priority={issue.priority} label={false} />
            {priorityLabels[issue.priority]}
          </span>
        )}
        <span className="hover-card-part ml-auto">
          <Avatar person={person} me={person !== null && mine.has(`${issue.tracker}:${person.login}`)} />
          <span className="truncate">{person === null ? "Unassigned" : person.name || person.login}</span>
        </span>
      </p>
    </>
  );
}
