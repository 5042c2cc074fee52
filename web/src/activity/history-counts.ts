import type { HistoryShape } from "../../../src/server/contract/history.ts";
import { actorKind, actorKinds, type ActorKind } from "../../../src/domain/actor-kind.ts";
import { formatCount } from "../ui/time.ts";

export type HistoryCounts = NonNullable<HistoryShape["counts"]>;

/** What of the history is looked at; null: all of it. */
export type HistoryFilter = { readonly kind: ActorKind | null; readonly tracker: string | null };

/** The filter that an address says (`by=agent&tracker=jira`); what it says of nothing known is left out. */
export function readHistoryFilter(search: string): HistoryFilter {
  const query = new URLSearchParams(search);
  return { kind: actorKinds.find((kind) => kind === query.get("by")) ?? null, tracker: query.get("tracker") || null };
}

/** A filter as an address, and the API, says it. */
export function historyQuery({ kind, tracker }: HistoryFilter): Readonly<Record<string, string>> {
  return { ...(kind !== null && { by: kind }), ...(tracker !== null && { tracker }) };
}

/** How many of the counted entries a filter leaves. */
export function countEntries(counts: HistoryCounts, { kind, tracker }: HistoryFilter): number {
  return counts
    .filter((count) => kind === null || actorKind(count.actor) === kind)
    .filter((count) => tracker === null || count.tracker === tracker)
    .reduce((sum, { entries }) => sum + entries, 0);
}

const settledWords: Readonly<Record<string, string>> = {
  written: "written",
  merged: "replaced later",
  dropped: "given up",
  undone: "taken back",
};

/** What became of the counted changes that are decided, in words: `61 written, 1 given up`; null: there are none. What was changed in the trackers is not among them. */
export function describeSettled(counts: HistoryCounts): string | null {
  const found = Object.entries(settledWords).flatMap(([state, words]) => {
    const entries = counts
      .filter((count) => count.state === state && actorKind(count.actor) !== "tracker")
      .reduce((sum, count) => sum + count.entries, 0);
    return entries === 0 ? [] : [`${formatCount(entries)} ${words}`];
  });
  return found.length === 0 ? null : found.join(", ");
}
