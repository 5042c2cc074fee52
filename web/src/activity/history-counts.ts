import type { HistoryShape } from "../../../src/server/contract/history.ts";
import { actorKind, actorKinds, type ActorKind } from "../../../src/domain/actor-kind.ts";
import { settledStates, type SettledState } from "../../../src/domain/settled-states.ts";
import { formatCount } from "../ui/time.ts";

export type HistoryCounts = NonNullable<HistoryShape["counts"]>;

/** Which part of the history is shown; null: no restriction. `settled`: only changes made in Panopticon that have reached a final state. */
export type HistoryFilter = {
  readonly kind: ActorKind | null;
  readonly tracker: string | null;
  readonly settled: boolean;
};

export const everything: HistoryFilter = { kind: null, tracker: null, settled: false };

/** Parses a filter from a URL query (`by=agent&tracker=jira&settled=true`); unknown values are ignored. */
export function readHistoryFilter(search: string): HistoryFilter {
  const query = new URLSearchParams(search);
  return {
    kind: actorKinds.find((kind) => kind === query.get("by")) ?? null,
    tracker: query.get("tracker") || null,
    settled: query.get("settled") === "true",
  };
}

/** A filter as the query parameters of the URL and the API. */
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

/** The number of counted entries that match a filter. */
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

/** Summary of the settled changes by outcome: `61 written, 1 dropped`; null: there are none. Changes made in the trackers do not count. */
export function describeSettled(counts: HistoryCounts): string | null {
  const found = settledStates.flatMap((state) => {
    const entries = counts
      .filter((count) => count.state === state && isSettled(count))
      .reduce((sum, count) => sum + count.entries, 0);
    return entries === 0 ? [] : [`${formatCount(entries)} ${settledWords[state]}`];
  });
  return found.length === 0 ? null : found.join(", ");
}
