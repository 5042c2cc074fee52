import type { IssueShape } from "../../../src/server/contract/issue.ts";
import type { FieldName } from "../fields/field-name.ts";
import { useDialogs } from "../shell/dialog-control.ts";
import { Icon, TrackerGlyph } from "../ui/icon.tsx";
import { formatCount, formatNumberOf } from "../ui/time.ts";
import "./bulk-bar.css";
import { useSelection, useSelectionStore } from "./selection.tsx";

type BulkBarProps = {
  /** The selected issues as they are now. */
  readonly current: (issues: readonly IssueShape[]) => readonly IssueShape[];
};

const fields: readonly { readonly field: FieldName; readonly label: string; readonly key: string }[] = [
  { field: "status", label: "Status", key: "S" },
  { field: "assignees", label: "Assignee", key: "I" },
  { field: "labels", label: "Labels", key: "L" },
  { field: "priority", label: "Priority", key: "P" },
];

/** What can be done to all selected issues, and which trackers it will be written to. */
export function BulkBar({ current }: BulkBarProps) {
  const selection = useSelection();
  const store = useSelectionStore();
  const { open, preload } = useDialogs();
  if (selection.size === 0) return null;
  const issues = [...selection.values()];
  const trackers = [...new Set(issues.map(({ tracker }) => tracker))];
  const count = `${formatCount(issues.length)} selected`;
  return (
    <div className="bulk-bar" role="toolbar" aria-label={count}>
      <output className="bulk-count">{count}</output>
      <span className="flex gap-1">
        {trackers.map((tracker) => (
          <TrackerGlyph key={tracker} tracker={tracker} label={tracker} />
        ))}
      </span>
      <i className="bulk-line" />
      {fields.map(({ field, label, key }) => (
        <button
          type="button"
          className="button"
          data-kind="quiet"
          key={field}
          onPointerEnter={() => preload("field")}
          onClick={() => open({ kind: "field", field, issues: current(issues) })}
        >
          {label}
          <kbd aria-hidden="true" className="not-phone">
            {key}
          </kbd>
        </button>
      ))}
      <i className="bulk-line" />
      <button
        type="button"
        className="button"
        onPointerEnter={() => preload("start-agent")}
        onClick={() => open({ kind: "start-agent", issues: current(issues) })}
      >
        <Icon name="play" size={14} />
        Start {issues.length === 1 ? "agent" : formatNumberOf(issues.length, "agent")}
        <kbd aria-hidden="true" className="not-phone">
          A
        </kbd>
      </button>
      <button type="button" className="button" data-kind="quiet" onClick={store.clear}>
        Clear
        <kbd aria-hidden="true" className="not-phone">
          Esc
        </kbd>
      </button>
    </div>
  );
}
