import { type Status, statusLabels } from "../../domain/status.ts";
import type { DispatchRules } from "../../domain/work-settings.ts";
import { type ClaimView, holdsSlot } from "./decide-claim.ts";

/** Counts running agents against the limits. */
export type Slots = {
  readonly used: number;
  /** Why there is no slot for an issue of this status; null if there is one. */
  full(status: Status): string | null;
  take(status: Status): void;
};

/** `atWork`: the statuses of the issues of running agents. */
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

/** The statuses of the issues whose claims occupy slots; an issue that is no longer on the board counts as in progress. */
export function statusesAtWork(views: readonly ClaimView[]): readonly Status[] {
  return views.filter(holdsSlot).map(({ issue }) => issue?.status ?? "in_progress");
}
