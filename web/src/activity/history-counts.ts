import type { HistoryShape } from "../../../src/server/contract/history.ts";
import { actorKind, actorKinds, type ActorKind } from "../../../src/domain/actor-kind.ts";

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
