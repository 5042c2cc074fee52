import { type Status, statusLabels } from "../../domain/status.ts";
import type { DispatchRules } from "../../domain/work-settings.ts";
import { type ClaimView, holdsSlot } from "./decide-claim.ts";

/** Counts running agents against the limits. */
export type Slots = {
  readonly used: number;
  /** Why there is no slot for the next turn of a claimed issue of this status; null if there is one. */
  full(status: Status): string | null;
  /** The same for an issue that is not claimed yet. */
  fullForNew(status: Status): string | null;
  take(status: Status): void;
};

/**
 * `atWork`: the statuses of the issues of running agents. `failing`: of those waiting to be tried again. These leave their slots to each other's next attempts,
 * but not to new issues: an agent that cannot work, as with an expired login, would otherwise fail on one issue after the other until none is left.
 */
export function countSlots(
  { total, perStatus }: DispatchRules["limit"],
  atWork: readonly Status[],
  failing: readonly Status[] = [],
): Slots {
  const taken = [...atWork];
  const full = (status: Status, waiting: readonly Status[]): string | null => {
    const again = (count: number) => (count === 0 ? "" : `, ${count} failed and will be tried again`);
    if (taken.length + waiting.length >= total) {
      return `no free slot: ${taken.length} of ${total} agents are at work${again(waiting.length)}`;
    }
    const most = perStatus[status];
    const [now, later] = [taken, waiting].map((all) => all.filter((one) => one === status).length) as [number, number];
    if (most === undefined || now + later < most) return null;
    return `no free slot for ${statusLabels[status]}: ${now} of ${most} agents are at work${again(later)}`;
  };
  return {
    get used() {
      return taken.length;
    },
    full: (status) => full(status, []),
    fullForNew: (status) => full(status, failing),
    take: (status) => void taken.push(status),
  };
}

/** The statuses of the issues whose claims occupy slots; an issue that is no longer on the board counts as in progress. */
export function statusesAtWork(views: readonly ClaimView[]): readonly Status[] {
  return views.filter(holdsSlot).map(statusOf);
}

/** The statuses of the issues that wait to be tried again after a failure. */
export function statusesFailing(views: readonly ClaimView[]): readonly Status[] {
  return views.filter((view) => !holdsSlot(view) && view.claim.ended === null && view.claim.failures > 0).map(statusOf);
}

function statusOf({ issue }: ClaimView): Status {
  return issue?.status ?? "in_progress";
}
