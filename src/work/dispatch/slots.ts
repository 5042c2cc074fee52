import { type Status, statusLabels } from "../../domain/status.ts";
import type { DispatchRules } from "../../domain/work-settings.ts";
import { type ClaimView, holdsSlot } from "./decide-claim.ts";

/** Counts the agents at work against the limits. */
export type Slots = {
  readonly used: number;
  /** Why there is no slot for an issue of this status; null: there is one. */
  full(status: Status): string | null;
  take(status: Status): void;
};

/** `atWork`: the statuses that the issues of agents at work are in. */
export function countSlots({ total, perStatus }: DispatchRules["limit"], atWork: readonly Status[]): Slots {
  const taken = [...atWork];
  return {
    get used() {
      return taken.length;
    },
    full(status) {
      if (taken.length >= total) return `no free slot: ${taken.length} of ${total} agents are at work`;
      const most = perStatus[status];
      const now = taken.filter((one) => one === status).length;
      if (most === undefined || now < most) return null;
      return `no free slot for ${statusLabels[status]}: ${now} of ${most} agents are at work`;
    },
    take: (status) => void taken.push(status),
  };
}

/** The statuses that the issues of claims with a slot are in; one that is not on the board any more counts as being worked on. */
export function statusesAtWork(views: readonly ClaimView[]): readonly Status[] {
  return views.filter(holdsSlot).map(({ issue }) => issue?.status ?? "in_progress");
}
