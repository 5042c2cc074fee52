import type { HistoryShape } from "../../../src/server/contract/history.ts";
import { actorKind, type ActorKind } from "./history-groups.ts";

export type HistoryCounts = NonNullable<HistoryShape["counts"]>;

/** What of the history is looked at; null: all of it. */
export type HistoryFilter = { readonly kind: ActorKind | null; readonly tracker: string | null };

/** How many of the counted entries a filter leaves. */
export function countEntries(counts: HistoryCounts, { kind, tracker }: HistoryFilter): number {
  return counts
    .filter((count) => kind === null || actorKind(count.actor) === kind)
    .filter((count) => tracker === null || count.tracker === tracker)
    .reduce((sum, { entries }) => sum + entries, 0);
}
