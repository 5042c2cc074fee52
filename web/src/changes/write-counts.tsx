import { Link } from "wouter";
import { Icon } from "../ui/icon.tsx";
import { formatCount, formatNumberOf } from "../ui/time.ts";
import { useOutboxCounts } from "./use-outbox.ts";

/** The number of pending changes and of those that need the user; each links to the outbox. */
export function WriteCounts() {
  const { pending, failed, conflicts } = useOutboxCounts();
  const needs = [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(conflicts > 0 ? [formatNumberOf(conflicts, "conflict")] : []),
  ].join(", ");
  return (
    <>
      {pending > 0 && (
        <Link href="/activity#waiting" className="bar-state flex-none" title="Pending writes">
          <Icon name="spin" size={14} className="spinning text-run" />
          <span className="phone-only" aria-hidden="true">
            {formatCount(pending)}
          </span>
          <span className="read-on-phone">{formatNumberOf(pending, "write")}</span>
        </Link>
      )}
      {needs !== "" && (
        <Link href="/activity#needs-you" className="bar-state flex-none" title="Failed writes and conflicts">
          <Icon name="alert" size={14} className={failed > 0 ? "text-bad" : "text-warn"} />
          <span className="phone-only" aria-hidden="true">
            {formatCount(failed + conflicts)}
          </span>
          <span className="read-on-phone">{needs}</span>
        </Link>
      )}
    </>
  );
}
