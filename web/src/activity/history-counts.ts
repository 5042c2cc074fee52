import type { HistoryShape } from "../../../src/server/contract/history.ts";
import { actorKind, actorKinds, type ActorKind } from "../../../src/domain/actor-kind.ts";
import { settledStates, type SettledState } from "../../../src/domain/settled-states.ts";
import { formatCount } from "../ui/time.ts";

export type HistoryCounts = NonNullable<HistoryShape["counts"]>;

/** What of the history is looked at; null: all of it. `settled`: only the changes made here that are decided. */
export type HistoryFilter = {
  readonly kind: ActorKind | null;
  readonly tracker: string | null;
  readonly settled: boolean;
};

export const everything: HistoryFilter = { kind: null, tracker: null, settled: false };

/** The filter that an address says (`by=agent&tracker=jira&settled=true`); what it says of nothing known is left out. */
export function readHistoryFilter(search: string): HistoryFilter {
  const query = new URLSearchParams(search);
  return {
    kind: actorKinds.find((kind) => kind === query.get("by")) ?? null,
    tracker: query.get("tracker") || null,
    settled: query.get("settled") === "true",
  };
}

/** A filter as an address, and the API, says it. */
export function historyQuery({ kind, tracker, settled }: HistoryFilter): Readonly<Record<string, string>> {
  return {
    ...(kind !== null && { by: kind }),
    ...(tracker !== null && { tracker }),
    ...(settled && { settled: "true" }),
  };
}

function isSettled({ actor, state }: HistoryCounts[number]): boolean {
  return settledStates.some((one) => one === state) && actorKind(actor) !== "tracker";
}

/** How many of the counted entries a filter leaves. */
export function countEntries(counts: HistoryCounts, { kind, tracker, settled }: HistoryFilter): number {
  return counts
    .filter((count) => !settled || isSettled(count))
    .filter((count) => kind === null || actorKind(count.actor) === kind)
    .filter((count) => tracker === null || count.tracker === tracker)
    .reduce((sum, { entries }) => sum + entries, 0);
}

const settledWords: Readonly<Record<SettledState, string>> = {
  written: "written",
  merged: "merged",
  dropped: "dropped",
  undone: "undone",
};

/** What became of the counted changes that are decided, in words: `61 written, 1 dropped`; null: there are none. What was changed in the trackers is not among them. */
export function describeSettled(counts: HistoryCounts): string | null {
  const found = settledStates.flatMap((state) => {
    const entries = counts
      .filter((count) => count.state === state && isSettled(count))
      .reduce((sum, count) => sum + count.entries, 0);
    return entries === 0 ? [] : [`${formatCount(entries)} ${settledWords[state]}`];
  });
  return found.length === 0 ? null : found.join(", ");
}
