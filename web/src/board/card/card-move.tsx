import { statusLabels } from "../../../../src/domain/status.ts";
import type { IssueShape } from "../../../../src/server/contract/issue.ts";
import { useDialogs } from "../../shell/dialog-control.ts";
import { StatusIcon } from "../../ui/icon.tsx";

/** A button that opens the list of statuses, for screens that show one column at a time. */
export function CardMove({ issue }: { readonly issue: IssueShape }) {
  const { open, preload } = useDialogs();
  return (
    <button
      type="button"
      className="card-move"
      aria-label={`Move ${issue.ref}, ${statusLabels[issue.status]} now`}
      onPointerDown={() => preload("field")}
      onClick={() => open({ kind: "field", field: "status", issues: [issue] })}
    >
      <StatusIcon status={issue.status} size={16} label={false} />
    </button>
  );
}
