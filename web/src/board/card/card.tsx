import { memo } from "react";
import type { IssueShape } from "../../../../src/server/contract/issue.ts";
import { priorityLabels } from "../../../../src/domain/priority.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { cardKey } from "../data/board-data.ts";
import { Icon, PriorityIcon, StatusIcon, TrackerGlyph } from "../../ui/icon.tsx";
import { CardFoot } from "./card-foot.tsx";
import type { CardLook } from "./card-look.ts";
import { CardMove } from "./card-move.tsx";
import { CardSignals, estimateWords } from "./card-signals.tsx";
import { formatDay, formatNumberOf } from "../../ui/time.ts";
import { nativeStateBeside } from "./native-state.ts";
import { SyncMark } from "./sync-mark.tsx";

/** The card as one sentence for screen readers. */
function spoken(issue: IssueShape, native: string | null, shows: CardLook["shows"]): string {
  const parts = [`${issue.ref}: ${issue.title}`];
  if (native !== null) parts.push(native);
  if (issue.priority > 0) parts.push(`priority ${priorityLabels[issue.priority]}`);
  parts.push(
    issue.assignees.length === 0
      ? "unassigned"
      : `assigned to ${issue.assignees.map((person) => person.name || person.login).join(", ")}`,
  );
  if (shows.has("labels") && issue.labels.length > 0)
    parts.push(`labels ${issue.labels.map((label) => label.name).join(", ")}`);
  if (shows.has("estimate") && issue.estimate !== null) parts.push(estimateWords(issue.estimate));
  if (shows.has("due") && issue.dueDate !== null) parts.push(`due ${formatDay(issue.dueDate)}`);
  if (shows.has("blockers") && issue.blockedBy.length > 0) parts.push(`blocked by ${issue.blockedBy.join(", ")}`);
  if (shows.has("children") && issue.children.total > 0)
    parts.push(`${issue.children.done} of ${issue.children.total} children done`);
  if (shows.has("comments") && issue.commentCount) parts.push(formatNumberOf(issue.commentCount, "comment"));
  if (issue.agent !== null) parts.push(`agent ${issue.agent.name} ${issue.agent.state}`);
  const sync = syncWords[issue.sync.state];
  if (sync !== null) parts.push(sync);
  return parts.join(", ");
}

const syncWords: Record<IssueShape["sync"]["state"], string | null> = {
  synced: null,
  pending: "change pending",
  failed: "change not saved",
  conflict: "conflict",
};

type CardProps = {
  readonly issue: IssueShape;
  readonly trackerLabel: string;
  readonly href: string;
  readonly me: boolean;
  readonly stale: boolean;
  readonly fresh: boolean;
  readonly open: boolean;
  readonly focusable: boolean;
  readonly selected: boolean;
  /** Set where the column does not already show the status. */
  readonly showsStatus: boolean;
  /** Set where the column does not already show the native state. */
  readonly showsState: boolean;
  /** The card is being dragged. */
  readonly held: boolean;
  /** The card has a move button. */
  readonly movable: boolean;
  readonly shows: CardLook["shows"];
};

export const Card = memo(function Card(props: CardProps) {
  const { issue, trackerLabel, selected, held, movable } = props;
  return (
    <div
      className="card-box"
      data-selected={selected || undefined}
      data-held={held || undefined}
      data-sync={issue.sync.state}
      data-movable={movable || undefined}
    >
      <CardLink {...props} />
      {movable && <CardMove issue={issue} />}
      <CardFoot issue={issue} trackerLabel={trackerLabel} />
    </div>
  );
});

function CardLink(props: CardProps) {
  const { issue, trackerLabel, href, me, stale, fresh, open, focusable, selected } = props;
  const { showsStatus, showsState, movable, shows } = props;
  const native = showsState && shows.has("state") ? nativeStateBeside(issue) : null;
  const labels = shows.has("labels") ? issue.labels : [];
  const shown = labels.slice(0, native === null ? 2 : 1);
  const hidden = labels.slice(shown.length);
  const assignee = issue.assignees[0] ?? null;
  const comments = shows.has("comments") ? (issue.commentCount ?? 0) : 0;
  const hasTags = native !== null || shown.length > 0 || comments > 0;
  return (
    <a
      className="card"
      href={href}
      data-key={cardKey(issue)}
      data-ref={issue.ref}
      data-stale={stale || undefined}
      data-fresh={fresh || undefined}
      data-open={open || undefined}
      tabIndex={focusable ? 0 : -1}
      draggable={false}
    >
      {/* Screen readers get one sentence instead of the parts, which are ordered for the eye. */}
      <span className="sr-only">
        {selected && "Selected. "}
        {spoken(issue, native, shows)}
      </span>
      <span className="card-top" aria-hidden="true">
        <TrackerGlyph tracker={issue.tracker} label={trackerLabel} />
        <span className="card-ref">{issue.ref}</span>
        <SyncMark issue={issue} trackerLabel={trackerLabel} />
        {/* The move button already shows the status. */}
        {showsStatus && !movable && <StatusIcon status={issue.status} size={14} />}
        <PriorityIcon priority={issue.priority} />
        <Avatar person={assignee} me={me} />
        {issue.assignees.length > 1 && <span className="card-more">+{issue.assignees.length - 1}</span>}
      </span>
      <span className="card-title" aria-hidden="true" title={issue.title} dir="auto">
        {issue.title}
      </span>
      {hasTags && (
        <span className="card-tags" aria-hidden="true">
          {native !== null && (
            <span className="chip" data-native title={`State in ${trackerLabel}`}>
              {native}
            </span>
          )}
          {shown.map((label) => (
            <span className="chip" key={label.name} title={label.name}>
              {label.name}
            </span>
          ))}
          {hidden.length > 0 && (
            <span className="card-more" title={hidden.map((label) => label.name).join(", ")}>
              +{hidden.length}
            </span>
          )}
          {comments > 0 && (
            <span className="card-comments" title={formatNumberOf(comments, "comment")}>
              <Icon name="msg" size={12} />
              {comments}
            </span>
          )}
        </span>
      )}
      <CardSignals issue={issue} shows={shows} />
    </a>
  );
}

/** Placeholder for a loading card, of about its height. */
export function CardSkeleton({ seed = 0 }: { readonly seed?: number }) {
  const width = 84 + ((seed * 7) % 14);
  return (
    <div className="card card-skeleton" aria-hidden="true">
      <span>
        <i className="bone size-3.5" />
        <i className="bone h-2.5 w-18" />
        <i className="bone ml-auto size-5 rounded-full" />
      </span>
      <i className="bone h-3" style={{ width: `${width}%` }} />
      {seed % 3 !== 1 && <i className="bone h-3" style={{ width: `${width - 32}%` }} />}
      <span>
        <i className="bone h-4 w-10" />
        {seed % 2 === 0 && <i className="bone h-4 w-13" />}
      </span>
    </div>
  );
}
