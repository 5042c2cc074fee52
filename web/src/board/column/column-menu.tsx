import { memo } from "react";
import { Icon } from "../../ui/icon.tsx";
import { MenuButton } from "../../ui/menu-button.tsx";
import { formatCount } from "../../ui/time.ts";
import { maxAtOnce } from "./use-select-column.ts";

/** The actions of a column; the object is stable while the filter is. */
export type ColumnActions = {
  readonly collapse: (group: string) => void;
  readonly selectAll: (group: string) => void;
  /** Filters the board to this group. */
  readonly filterTo: (group: string) => void;
  /** The only column the filter leaves; null: there may be several. */
  readonly filteredTo: string | null;
};

type ColumnMenuProps = {
  readonly group: string;
  readonly label: string;
  readonly total: number;
  readonly actions: ColumnActions;
};

/** A column's menu. */
export const ColumnMenu = memo(function ColumnMenu({ group, label, total, actions }: ColumnMenuProps) {
  const all = total > maxAtOnce ? `Select the first ${formatCount(maxAtOnce)}` : `Select all ${formatCount(total)}`;
  return (
    <MenuButton
      className="icon-button column-menu"
      label={`Column menu of ${label}`}
      trigger={<Icon name="more" />}
      entries={[
        ...(total > 0 ? [{ id: "select", label: all, onSelect: () => actions.selectAll(group) }] : []),
        ...(actions.filteredTo === group
          ? []
          : [{ id: "filter", label: `Filter to ${label}`, onSelect: () => actions.filterTo(group) }]),
        { id: "collapse", label: `Collapse ${label}`, onSelect: () => actions.collapse(group) },
      ]}
    />
  );
});
