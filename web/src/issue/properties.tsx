import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { priorityLabels } from "../../../src/domain/priority.ts";
import { foldName } from "../../../src/domain/fold-name.ts";
import { statusLabels } from "../../../src/domain/status.ts";
import type { IssueDetailShape } from "../../../src/server/contract/issue.ts";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { projectsQuery } from "../api/queries.ts";
import { connectionLabel } from "../shell/tracker-sentence.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Icon, PriorityIcon, StatusIcon, TrackerGlyph } from "../ui/icon.tsx";
import { formatAgo, formatDay, formatFull } from "../ui/time.ts";
import { useNow } from "../ui/use-now.ts";
import { IssueLink } from "./issue-link.tsx";

type PropertiesProps = { readonly issue: IssueDetailShape; readonly tracker: TrackerShape | undefined };

/** Everything the tracker knows of the issue besides its text. What a tracker does not have is absent. */
export function Properties({ issue, tracker }: PropertiesProps) {
  const now = useNow();
  const projects = useQuery(projectsQuery).data;
  const has = tracker?.capabilities ?? {};
  const label = tracker === undefined ? issue.tracker : connectionLabel(tracker);
  const source = tracker?.sources.find(({ id }) => id === issue.source);
  const native =
    foldName(issue.nativeState.name) === foldName(statusLabels[issue.status]) ? null : issue.nativeState.name;
  const nativePriority =
    issue.nativePriority === null || foldName(issue.nativePriority) === foldName(priorityLabels[issue.priority])
      ? null
      : issue.nativePriority;
  const isMe = (login: string) => tracker?.account?.login === login;
  const lastSyncAt = source?.lastSyncAt ?? tracker?.lastSyncAt ?? null;
  return (
    <dl className="properties">
      <Property name="Status" below={native === null ? null : `${native} in ${label}`}>
        <StatusIcon status={issue.status} size={14} label={false} />
        {statusLabels[issue.status]}
      </Property>
      {(has["priority"] !== false || issue.priority > 0) && (
        <Property name="Priority" below={nativePriority === null ? null : `${nativePriority} in ${label}`}>
          <PriorityIcon priority={issue.priority} label={false} />
          {issue.priority === 0 ? <span className="text-ink-3">None</span> : priorityLabels[issue.priority]}
        </Property>
      )}
      <Property name={issue.assignees.length > 1 ? "Assignees" : "Assignee"}>
        {issue.assignees.length === 0 && (
          <>
            <Avatar person={null} />
            <span className="text-ink-3">Nobody</span>
          </>
        )}
        {issue.assignees.map((person) => (
          <span key={person.login} className="flex min-w-0 items-center gap-1.5">
            <Avatar person={person} me={isMe(person.login)} />
            <span className="truncate">
              {person.name || person.login}
              {isMe(person.login) && " (you)"}
            </span>
          </span>
        ))}
      </Property>
      {issue.labels.length > 0 && (
        <Property name="Labels">
          {issue.labels.map((one) => (
            <span className="chip" key={one.name} title={one.name}>
              {one.color !== null && /^#[0-9a-f]{3,8}$/i.test(one.color) && (
                <i className="dot" style={{ color: one.color }} />
              )}
              <span className="truncate">{one.name}</span>
            </span>
          ))}
        </Property>
      )}
      <hr />
      <Property name="Type" minor>
        {issue.type}
      </Property>
      <Property name="Project" below={source?.name ?? null}>
        <Icon name="folder" size={14} className="text-ink-3" />
        <span className="truncate">{projects?.find(({ id }) => id === issue.project)?.name ?? issue.project}</span>
      </Property>
      {issue.parent !== null && (
        <Property name="Parent">
          {issue.parent.ref === null ? (
            <span className="text-ink-3">{issue.parent.title ?? "not mirrored"}</span>
          ) : (
            <IssueLink
              issueRef={issue.parent.address ?? issue.parent.ref}
              className="flex min-w-0 items-center gap-1.5 hover:underline"
            >
              <TrackerGlyph tracker={issue.tracker} />
              <span className="truncate">{issue.parent.ref}</span>
            </IssueLink>
          )}
        </Property>
      )}
      {issue.cycle !== null && (
        <Property
          name="Cycle"
          below={issue.cycle.endsAt === null ? null : `ends ${formatDay(issue.cycle.endsAt, now)}`}
        >
          <Icon name="sync" size={14} className="text-ink-3" />
          <span className="truncate">{issue.cycle.name}</span>
        </Property>
      )}
      {issue.dueDate !== null && (
        <Property name="Due">
          <Icon name="cal" size={14} className="text-ink-3" />
          {formatDay(issue.dueDate, now)}
        </Property>
      )}
      {issue.estimate !== null && (
        <Property name="Estimate">
          {issue.estimate} {issue.estimate === 1 ? "point" : "points"}
        </Property>
      )}
      <hr />
      <Property name="Created" minor>
        <span title={formatFull(issue.createdAt)}>
          {formatDay(issue.createdAt, now)}
          {issue.author !== null && `, ${issue.author.name || issue.author.login}`}
        </span>
      </Property>
      <Property name="Updated" minor>
        <time dateTime={issue.updatedAt} title={formatFull(issue.updatedAt)}>
          {formatAgo(issue.updatedAt, now)}
        </time>
      </Property>
      {issue.closedAt !== null && (
        <Property name="Closed" minor>
          <time dateTime={issue.closedAt} title={formatFull(issue.closedAt)}>
            {formatDay(issue.closedAt, now)}
          </time>
        </Property>
      )}
      {lastSyncAt !== null && (
        <Property name="Synced" minor>
          {formatAgo(lastSyncAt, now)}
        </Property>
      )}
    </dl>
  );
}

type PropertyProps = {
  readonly name: string;
  readonly below?: string | null;
  /** Left out on phones. */
  readonly minor?: boolean;
  readonly children: ReactNode;
};

function Property({ name, below = null, minor = false, children }: PropertyProps) {
  return (
    <div className="property" data-minor={minor || undefined}>
      <dt>{name}</dt>
      <dd>
        {children}
        {below !== null && (
          <span className="below truncate" title={below}>
            {below}
          </span>
        )}
      </dd>
    </div>
  );
}
