import { useQuery } from "@tanstack/react-query";
import type { SourceFormShape } from "../../../src/server/contract/change.ts";
import { priorityLabels } from "../../../src/domain/priority.ts";
import { foldName } from "../../../src/domain/fold-name.ts";
import { statusLabels } from "../../../src/domain/status.ts";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { projectsQuery } from "../api/queries.ts";
import { estimateWords } from "../board/card/card-signals.tsx";
import { canEdit, hasField } from "../fields/editable.ts";
import type { FieldName } from "../fields/field-name.ts";
import { typeName } from "../fields/type-name.ts";
import { connectionLabel } from "../shell/tracker-sentence.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Icon, PriorityIcon, StatusIcon } from "../ui/icon.tsx";
import { LabelDot } from "../ui/label-dot.tsx";
import { formatAgo, formatDay, formatLastDay, formatFull } from "../ui/time.ts";
import { useNow } from "../ui/use-now.ts";
import type { KeptValues } from "./kept-value.tsx";
import { ParentLink } from "./parent-link.tsx";
import { Property } from "./property.tsx";

type PropertiesProps = {
  readonly issue: IssueShape;
  readonly tracker: TrackerShape | undefined;
  readonly form: SourceFormShape | undefined;
  readonly kept: KeptValues;
};

/** How many labels to show; the field's list has all of them. */
const maxLabels = 12;

/** An issue's properties, edited in place. Properties that its tracker lacks are absent. */
export function Properties({ issue, tracker, form, kept }: PropertiesProps) {
  const now = useNow();
  const projects = useQuery(projectsQuery).data;
  const projectName = projects?.find(({ id }) => id === issue.project)?.name ?? issue.project;
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
  const has = (field: FieldName) => hasField(field, issue.type, form, tracker);
  /** The props to edit a field; a field the issue cannot have is still shown if it has a value. */
  const edit = (field: FieldName) => ({
    field,
    issue,
    editable: canEdit(field, issue.type, form, tracker),
    keptValue: kept.get(field) ?? (field === "status" ? kept.get("state") : undefined),
  });
  return (
    <dl className="properties">
      <Property
        name="Status"
        below={
          issue.shadow !== null
            ? `${statusLabels[issue.shadow.trackerStatus]} in ${label}; kept here`
            : native === null
              ? null
              : `“${native}” in ${label}`
        }
        {...edit("status")}
      >
        <StatusIcon status={issue.status} size={14} label={false} />
        {statusLabels[issue.status]}
      </Property>
      {(has("priority") || issue.priority > 0) && (
        <Property
          name="Priority"
          below={nativePriority === null ? null : `“${nativePriority}” in ${label}`}
          {...edit("priority")}
        >
          <PriorityIcon priority={issue.priority} label={false} />
          {issue.priority === 0 ? <span className="text-ink-3">None</span> : priorityLabels[issue.priority]}
        </Property>
      )}
      {(has("assignees") || issue.assignees.length > 0) && (
        <Property name={issue.assignees.length > 1 ? "Assignees" : "Assignee"} {...edit("assignees")}>
          {issue.assignees.length === 0 && (
            <>
              <Avatar person={null} />
              <span className="text-ink-3">Unassigned</span>
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
      )}
      {(has("labels") || issue.labels.length > 0) && (
        <Property name="Labels" minor={issue.labels.length === 0} {...edit("labels")}>
          {issue.labels.length === 0 && <span className="text-ink-3">None</span>}
          {issue.labels.slice(0, maxLabels).map((one) => (
            <span className="chip" key={one.name} title={one.name}>
              <LabelDot color={one.color} />
              <span className="truncate">{one.name}</span>
            </span>
          ))}
          {issue.labels.length > maxLabels && (
            <span
              className="text-ink-3"
              title={issue.labels
                .slice(maxLabels)
                .map(({ name }) => name)
                .join(", ")}
            >
              +{issue.labels.length - maxLabels}
            </span>
          )}
        </Property>
      )}
      <Property first name="Type" minor {...edit("type")}>
        {typeName(issue.type)}
      </Property>
      <Property name="Project" below={source?.name ?? null}>
        <Icon name="folder" size={14} className="text-ink-3" />
        <span className="truncate" title={projectName}>
          {projectName}
        </span>
      </Property>
      {(has("parent") || issue.parent !== null) && (
        <Property
          name="Parent"
          minor={issue.parent === null}
          {...edit("parent")}
          below={issue.parent?.title ?? null}
          beside={issue.parent?.key != null && <ParentLink parent={issue.parent} tracker={issue.tracker} />}
        >
          {issue.parent?.key == null && (
            <span className="text-ink-3">{issue.parent === null ? "None" : "not mirrored"}</span>
          )}
        </Property>
      )}
      {(has("cycle") || issue.cycle !== null) && (
        <Property
          name="Cycle"
          minor={issue.cycle === null}
          below={issue.cycle?.endsAt == null ? null : `ends ${formatLastDay(issue.cycle.endsAt, now)}`}
          {...edit("cycle")}
        >
          <Icon name="sync" size={14} className="text-ink-3" />
          {issue.cycle === null ? (
            <span className="text-ink-3">None</span>
          ) : (
            <span className="truncate" title={issue.cycle.name}>
              {issue.cycle.name}
            </span>
          )}
        </Property>
      )}
      {(has("dueDate") || issue.dueDate !== null) && (
        <Property name="Due" minor={issue.dueDate === null} {...edit("dueDate")}>
          <Icon name="cal" size={14} className="text-ink-3" />
          {issue.dueDate === null ? <span className="text-ink-3">None</span> : formatDay(issue.dueDate, now)}
        </Property>
      )}
      {(has("estimate") || issue.estimate !== null) && (
        <Property name="Estimate" minor={issue.estimate === null} {...edit("estimate")}>
          {issue.estimate === null ? <span className="text-ink-3">None</span> : estimateWords(issue.estimate)}
        </Property>
      )}
      <Property first name="Created" minor>
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
