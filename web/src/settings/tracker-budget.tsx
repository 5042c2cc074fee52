/* oxlint-disable jsx-a11y/prefer-tag-over-role -- browsers style <meter> inconsistently */
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { formatClock, formatCount, formatNumberOf } from "../ui/time.ts";

/** How many requests a tracker still allows, and until when. */
export function TrackerBudget({ tracker, now }: { readonly tracker: TrackerShape; readonly now: number }) {
  const { budget } = tracker;
  const sent = `${formatNumberOf(tracker.requests, "request")} sent`;
  if (budget === null || budget.limit === null || budget.remaining === null) {
    return (
      <>
        <div className="budget">
          <span>
            {tracker.health === "not_configured" ? "No budget yet" : `No budget reported by ${tracker.label}`}
          </span>
          <span className="text-ink-3">{sent}</span>
        </div>
        <div className="meter" data-unknown />
      </>
    );
  }
  const left = budget.limit === 0 ? 0 : Math.max(0, Math.min(1, budget.remaining / budget.limit));
  const low = left < 0.1 || tracker.health === "limited";
  return (
    <>
      <div className="budget" title={`${sent} since the server started`}>
        <span>
          {formatCount(budget.remaining)} of {formatNumberOf(budget.limit, "request")} left
        </span>
        {budget.resetAt !== null && Date.parse(budget.resetAt) > now && (
          <span className="text-ink-3">
            {tracker.health === "limited" ? "resumes" : "resets"} {formatClock(budget.resetAt)}
          </span>
        )}
      </div>
      <div
        className="meter"
        role="meter"
        aria-label="Requests left"
        aria-valuemin={0}
        aria-valuemax={budget.limit}
        aria-valuenow={budget.remaining}
        data-low={low || undefined}
      >
        <i style={{ width: `${left * 100}%` }} />
      </div>
    </>
  );
}
