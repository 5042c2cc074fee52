import type { Grouping } from "../../../../src/domain/grouping.ts";
import { Icon } from "../../ui/icon.tsx";
import { formatCount } from "../../ui/time.ts";
import { GroupIcon } from "../group-label.tsx";
import { ColumnMenu, type ColumnActions } from "./column-menu.tsx";

type ColumnHeadProps = {
  readonly headingId: string;
  readonly grouping: Grouping;
  readonly group: string;
  readonly label: string;
  readonly total: number;
  readonly onCreate: (() => void) | undefined;
  readonly actions: ColumnActions;
};

/** A column's name, count and menu. */
export function ColumnHead({ headingId, grouping, group, label, total, onCreate, actions }: ColumnHeadProps) {
  return (
    <header className="column-head">
      <GroupIcon grouping={grouping} group={group} />
      <h2 id={headingId} className="flex min-w-0">
        <span className="truncate" title={label} dir="auto">
          {label}
        </span>{" "}
        <span className="column-count">{formatCount(total)}</span>
      </h2>
      <span className="flex-1" />
      {onCreate !== undefined && (
        <button
          type="button"
          className="icon-button"
          aria-label={`New issue in ${label}`}
          title={`New issue in ${label}`}
          onClick={onCreate}
        >
          <Icon name="plus" />
        </button>
      )}
      <ColumnMenu group={group} label={label} total={total} actions={actions} />
    </header>
  );
}
