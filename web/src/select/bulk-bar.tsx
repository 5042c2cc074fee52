import type { IssueShape } from "../../../src/server/contract/issue.ts";
import type { FieldName } from "../fields/field-name.ts";
import { useDialogs } from "../shell/dialog-control.ts";
import { commandKey } from "../shell/shortcuts.ts";
import { Icon, TrackerGlyph } from "../ui/icon.tsx";
import { MenuButton } from "../ui/menu-button.tsx";
import { formatCount, formatNumberOf } from "../ui/time.ts";
import { useIsNarrow } from "../ui/use-is-phone.ts";
import "./bulk-bar.css";
import { useSelection, useSelectionStore } from "./selection.tsx";

type BulkBarProps = {
  /** The current versions of the selected issues. */
  readonly current: (issues: readonly IssueShape[]) => readonly IssueShape[];
};

const fields: readonly { readonly field: FieldName; readonly label: string; readonly key: string }[] = [
  { field: "status", label: "Status", key: "S" },
  { field: "assignees", label: "Assignee", key: "I" },
  { field: "labels", label: "Labels", key: "L" },
  { field: "priority", label: "Priority", key: "P" },
];
/** How many actions fit when the rest are in a menu. */
const shownWhereNarrow = 2;

/** Actions on all selected issues, and the trackers they write to. */
export function BulkBar({ current }: BulkBarProps) {
  const selection = useSelection();
  const store = useSelectionStore();
  const { open, preload } = useDialogs();
  const isNarrow = useIsNarrow();
  if (selection.size === 0) return null;
  const issues = [...selection.values()];
  const trackers = [...new Set(issues.map(({ tracker }) => tracker))];
  const count = `${formatCount(issues.length)} selected`;
  const agents = `Start ${issues.length === 1 ? "agent" : formatNumberOf(issues.length, "agent")}`;
  const change = (field: FieldName) => open({ kind: "field", field, issues: current(issues) });
  // The palette acts on the selection.
  const allActions = () => open({ kind: "palette" });
  const start = () => open({ kind: "start-agent", issues: current(issues) });
  return (
    <div className="bulk-bar" role="toolbar" aria-label={count}>
      <span className="bulk-what">
        <output className="bulk-count">{count}</output>
        <span className="flex gap-1">
          {trackers.map((tracker) => (
            <TrackerGlyph key={tracker} tracker={tracker} label={tracker} />
          ))}
        </span>
      </span>
      <i className="bulk-line" />
      {fields.slice(0, isNarrow ? shownWhereNarrow : undefined).map(({ field, label, key }) => (
        <button
          type="button"
          className="button"
          data-kind="quiet"
          key={field}
          onPointerEnter={() => preload("field")}
          onClick={() => change(field)}
        >
          {label}
          <kbd aria-hidden="true" className="not-phone">
            {key}
          </kbd>
        </button>
      ))}
      {isNarrow ? (
        <MenuButton
          className="button bulk-sign"
          kind="quiet"
          label="More actions"
          trigger={<Icon name="more" />}
          entries={[
            ...fields
              .slice(shownWhereNarrow)
              .map(({ field, label }) => ({ id: field, label, onSelect: () => change(field) })),
            { id: "start-agent", label: agents, onSelect: start },
            { id: "actions", label: "All actions…", onSelect: allActions },
          ]}
        />
      ) : (
        <>
          <button
            type="button"
            className="button"
            data-kind="quiet"
            title="Cycle, due date, parent and all other actions"
            onPointerEnter={() => preload("palette")}
            onClick={allActions}
          >
            More
            <kbd aria-hidden="true">{commandKey("K")}</kbd>
          </button>
          <i className="bulk-line" />
          <button type="button" className="button" onPointerEnter={() => preload("start-agent")} onClick={start}>
            <Icon name="play" size={14} />
            {agents}
            <kbd aria-hidden="true">A</kbd>
          </button>
        </>
      )}
      <button
        type="button"
        className="button bulk-clear"
        data-kind="quiet"
        title="Clear selection (Esc)"
        onClick={store.clear}
      >
        <span className="read-on-phone">Clear</span>
        <kbd aria-hidden="true" className="not-phone">
          Esc
        </kbd>
        <Icon name="x" className="phone-only" />
      </button>
    </div>
  );
}
