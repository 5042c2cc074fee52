import type { IssueShape } from "../../../../src/server/contract/issue.ts";
import { Icon } from "../../ui/icon.tsx";
import { formatDay } from "../../ui/time.ts";
import type { CardLook } from "./card-look.ts";

/** `3 points` */
export function estimateWords(estimate: number): string {
  return `${estimate} ${estimate === 1 ? "point" : "points"}`;
}

type CardSignalsProps = { readonly issue: IssueShape; readonly shows: CardLook["shows"] };

/** The last line of a card: blockers, progress of children, estimate and due date; nothing if the issue has none of them. */
export function CardSignals({ issue, shows }: CardSignalsProps) {
  const blockers = shows.has("blockers") ? issue.blockedBy : [];
  const [firstBlocker] = blockers;
  const { done, total } = issue.children;
  const hasChildren = shows.has("children") && total > 0;
  const estimate = shows.has("estimate") ? issue.estimate : null;
  const due = shows.has("due") ? issue.dueDate : null;
  if (firstBlocker === undefined && !hasChildren && estimate === null && due === null) return null;
  return (
    <span className="card-signals" aria-hidden="true">
      {firstBlocker !== undefined && (
        <span className="card-blocked" title={`Blocked by ${blockers.join(", ")}`}>
          <Icon name="block" size={12} />
          <span className="truncate">{firstBlocker}</span>
          {blockers.length > 1 && <span>+{blockers.length - 1}</span>}
        </span>
      )}
      {hasChildren && (
        <span title={`${done} of ${total} children done`}>
          <span className="progress-bar">
            <i style={{ width: `${Math.round((100 * done) / total)}%` }} />
          </span>
          {done}/{total}
        </span>
      )}
      {estimate !== null && <span>{estimateWords(estimate)}</span>}
      {due !== null && (
        <span className={isLate(issue, due) ? "text-bad" : undefined} title={`Due ${formatDay(due)}`}>
          <Icon name="cal" size={12} />
          {formatDay(due)}
        </span>
      )}
    </span>
  );
}

/** Whether an open issue is past its due day (2026-12-01). */
function isLate({ status }: IssueShape, due: string): boolean {
  if (status === "done" || status === "canceled") return false;
  return new Date(`${due}T23:59:59`).getTime() < Date.now();
}
