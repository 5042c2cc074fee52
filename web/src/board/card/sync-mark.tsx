import type { IssueShape } from "../../../../src/server/contract/issue.ts";
import { Icon } from "../../ui/icon.tsx";
import { formatClock } from "../../ui/time.ts";

type SyncMarkProps = { readonly issue: Pick<IssueShape, "sync" | "shadow">; readonly trackerLabel: string };

/** A pending change: a spinner while it is sent, a clock while it waits. Nothing once everything is written. */
export function SyncMark({ issue, trackerLabel }: SyncMarkProps) {
  const { state, waitsUntil, reason } = issue.sync;
  if (state !== "pending") {
    return issue.shadow === null ? null : (
      <span className="sync-mark" title={`Kept in Panopticon, not written to ${trackerLabel}`}>
        <Icon name="shadow" size={12} />
      </span>
    );
  }
  if (waitsUntil !== null) {
    const words = [`Write queued, resumes ${formatClock(waitsUntil)}`, reason].filter((part) => part !== null);
    return (
      <span className="sync-mark text-warn" title={words.join(". ")}>
        <Icon name="clock" size={12} />
      </span>
    );
  }
  return (
    <span className="sync-mark text-run" title={`Writing to ${trackerLabel}`}>
      <Icon name="spin" size={12} className="spinning" />
    </span>
  );
}
