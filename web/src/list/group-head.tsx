/* oxlint-disable jsx-a11y/prefer-tag-over-role -- virtualised rows cannot form a native table */
import { statuses, statusLabels, type Status } from "../../../src/domain/status.ts";
import type { ColumnData } from "../board/data/board-data.ts";
import { GroupIcon, useGroupLabel } from "../board/group-label.tsx";
import type { Grouping } from "../../../src/domain/grouping.ts";
import { Icon, StatusIcon, TrackerGlyph } from "../ui/icon.tsx";
import { formatCount } from "../ui/time.ts";

type GroupHeadProps = {
  readonly grouping: Grouping;
  readonly column: ColumnData;
  readonly folded: boolean;
  readonly onFold: () => void;
  readonly onCreate: () => void;
  /** The sticky copy at the top; hidden from the keyboard, which uses the original. */
  readonly isCopy?: boolean;
};

/** A group's header: its name and its number of issues, collapsed or not. */
export function GroupHead({ grouping, column, folded, onFold, onCreate, isCopy = false }: GroupHeadProps) {
  const label = useGroupLabel(grouping)(column.group);
  const trackers = grouping === "tracker" ? [] : [...new Set(column.issues.map(({ tracker }) => tracker))];
  return (
    <div className="list-group" role={isCopy ? undefined : "row"}>
      <span role={isCopy ? undefined : "cell"} className="flex min-w-0 flex-1 items-center gap-2">
        <button type="button" className="list-fold" aria-expanded={!folded} tabIndex={isCopy ? -1 : 0} onClick={onFold}>
          <Icon name={folded ? "right" : "down"} size={14} className="text-ink-3" />
          <GroupIcon grouping={grouping} group={column.group} />
          <span className="truncate font-semibold">{label}</span>
          <span className="column-count">{formatCount(column.total)}</span>
        </button>
        <span className="flex flex-1 gap-1.5">
          {trackers.map((tracker) => (
            <TrackerGlyph key={tracker} tracker={tracker} />
          ))}
        </span>
        {column.byStatus !== null && <StatusCounts byStatus={column.byStatus} />}
        <button
          type="button"
          className="icon-button"
          tabIndex={isCopy ? -1 : 0}
          aria-label={`New issue in ${label}`}
          title={`New issue in ${label}`}
          onClick={onCreate}
        >
          <Icon name="plus" />
        </button>
      </span>
    </div>
  );
}

/** A group's counts by status, without empty ones. */
function StatusCounts({ byStatus }: { readonly byStatus: Readonly<Record<Status, number>> }) {
  return (
    <span className="list-statuses">
      {statuses
        .filter((status) => byStatus[status] > 0)
        .map((status) => (
          <span key={status} title={statusLabels[status]}>
            <StatusIcon status={status} size={14} />
            {formatCount(byStatus[status])}
          </span>
        ))}
    </span>
  );
}
