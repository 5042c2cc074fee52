/* oxlint-disable jsx-a11y/prefer-tag-over-role -- virtualised rows cannot form a native table */
import { memo } from "react";
import { foldName } from "../../../src/domain/fold-name.ts";
import { statusLabels } from "../../../src/domain/status.ts";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { cardKey } from "../board/data/board-data.ts";
import { nativeStateBeside } from "../board/card/native-state.ts";
import type { IssueLooks } from "../board/work-layout.ts";
import { conflictWords } from "../changes/conflict-words.ts";
import { useOperationActions } from "../changes/use-operation-actions.ts";
import { currentSearch } from "../filter/canonical.ts";
import { openIssue } from "../routes.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Icon, PriorityIcon, StatusIcon, TrackerGlyph } from "../ui/icon.tsx";
import { formatBriefly, formatClock, formatFull } from "../ui/time.ts";
import { useAgo } from "../ui/use-now.ts";

type IssueRowProps = {
  readonly issue: IssueShape;
  readonly looks: IssueLooks;
  readonly href: string;
  readonly rowIndex: number;
  readonly selected: boolean;
  readonly open: boolean;
  readonly focusable: boolean;
  /** `range`: Shift was held, so select from the issue selected last. */
  readonly onToggle: (range: boolean) => void;
};

/** An issue as a row. */
export const IssueRow = memo(
  function IssueRow({ issue, looks, href, rowIndex, selected, open, focusable, onToggle }: IssueRowProps) {
    const label = looks.trackerLabels.get(issue.tracker) ?? issue.tracker;
    const native = nativeStateBeside(issue);
    const [person = null] = issue.assignees;
    const [firstLabel] = issue.labels;
    const me = person !== null && looks.mine.has(`${issue.tracker}:${person.login}`);
    return (
      <div
        className="list-row"
        role="row"
        aria-rowindex={rowIndex}
        aria-selected={selected}
        data-row={cardKey(issue)}
        data-sync={issue.sync.state}
        data-stale={looks.staleTrackers.has(issue.tracker) || undefined}
        data-fresh={looks.fresh.has(cardKey(issue)) || undefined}
        data-open={open || undefined}
      >
        <span role="cell" className="list-check">
          <input
            type="checkbox"
            className="check-input"
            aria-label={`Select ${issue.ref}`}
            tabIndex={-1}
            checked={selected}
            onChange={() => undefined}
            onClick={(event) => {
              event.stopPropagation();
              onToggle(event.shiftKey);
            }}
          />
        </span>
        <span role="cell" className="list-ref">
          <TrackerGlyph tracker={issue.tracker} label={label} />
          <span className="truncate">{issue.ref}</span>
        </span>
        <span role="cell" className="list-title">
          <a
            className="row-link"
            href={href}
            data-key={cardKey(issue)}
            data-ref={issue.ref}
            tabIndex={focusable ? 0 : -1}
            draggable={false}
            dir="auto"
            title={issue.title}
          >
            {issue.title}
          </a>
        </span>
        <span role="cell" className="list-labels">
          {firstLabel !== undefined && (
            <span className="chip" title={firstLabel.name}>
              {firstLabel.name}
            </span>
          )}
          {issue.labels.length > 1 && (
            <span
              className="card-more"
              title={issue.labels
                .slice(1)
                .map(({ name }) => name)
                .join(", ")}
            >
              +{issue.labels.length - 1}
            </span>
          )}
        </span>
        <span role="cell" className="list-status">
          <StatusIcon status={issue.status} size={14} label={false} />
          <span className="truncate">{statusLabels[issue.status]}</span>
          {native !== null && foldName(native) !== foldName(statusLabels[issue.status]) && (
            <span className="list-native truncate" title={native}>
              {native}
            </span>
          )}
        </span>
        <span role="cell">
          <PriorityIcon priority={issue.priority} />
        </span>
        <span role="cell" className="list-who">
          <Avatar person={person} me={me} />
          <span className="truncate" title={issue.assignees.map(({ name, login }) => name || login).join(", ")}>
            {person === null ? "Unassigned" : person.login}
            {issue.assignees.length > 1 && ` +${issue.assignees.length - 1}`}
          </span>
        </span>
        <span role="cell" className="list-cycle truncate" title={issue.cycle?.name}>
          {issue.cycle?.name}
        </span>
        <span role="cell" className="list-updated">
          <Updated at={issue.updatedAt} />
        </span>
        <span role="cell" className="list-sync">
          <SyncCell issue={issue} label={label} />
        </span>
      </div>
    );
  },
  // Callbacks are ignored: they follow from the other props.
  (a, b) =>
    a.issue === b.issue &&
    a.looks === b.looks &&
    a.href === b.href &&
    a.selected === b.selected &&
    a.open === b.open &&
    a.focusable === b.focusable &&
    a.rowIndex === b.rowIndex,
);

function Updated({ at }: { readonly at: string }) {
  const ago = useAgo(at, formatBriefly);
  return (
    <time dateTime={at} title={formatFull(at)}>
      {ago}
    </time>
  );
}

function SyncCell({ issue, label }: { readonly issue: IssueShape; readonly label: string }) {
  const { state, waitsUntil, reason } = issue.sync;
  if (state === "failed") return <FailedCell issue={issue} />;
  if (state === "conflict") {
    const { briefest, full } = conflictWords(label);
    return (
      <span className="list-sync-words text-warn" title={reason === null ? full : `${full} ${reason}`}>
        <Icon name="alert" size={12} />
        <span className="truncate">{briefest}</span>
        <button
          type="button"
          className="row-action"
          aria-label={`Review ${issue.ref}`}
          onClick={() => openIssue(issue.address, currentSearch())}
        >
          Review
        </button>
      </span>
    );
  }
  if (state === "pending" && waitsUntil !== null) {
    return (
      <span className="list-sync-words text-warn" title={reason ?? undefined}>
        <Icon name="clock" size={12} />
        <span className="truncate">waits, {formatClock(waitsUntil)}</span>
      </span>
    );
  }
  if (state === "pending") {
    return (
      <span className="list-sync-words">
        <Icon name="spin" size={12} className="spinning text-run" />
        <span className="truncate">writing to {label}</span>
      </span>
    );
  }
  if (issue.shadow !== null) {
    return (
      <span className="list-sync-words" title={`Nothing is written to ${label}`}>
        <Icon name="shadow" size={12} />
        <span className="truncate">kept here</span>
      </span>
    );
  }
  return <Icon name="check" size={12} className="text-ink-4" label="Synced" />;
}

function FailedCell({ issue }: { readonly issue: IssueShape }) {
  const { retry, busy } = useOperationActions();
  const { operation, reason } = issue.sync;
  return (
    <span className="list-sync-words text-bad" title={reason ?? undefined}>
      <Icon name="alert" size={12} />
      <span className="truncate">not saved</span>
      {operation !== null && (
        <button
          type="button"
          className="row-action"
          disabled={busy}
          aria-label={`Retry change to ${issue.ref}`}
          onClick={() => retry(operation)}
        >
          Retry
        </button>
      )}
    </span>
  );
}
