import { priorityOf, statusOf } from "../../domain/mapping.ts";
import type { Mapping } from "../../domain/mapping.ts";
import { priorityRank } from "../../domain/priority.ts";
import type { Priority } from "../../domain/priority.ts";
import { isFinished, statuses } from "../../domain/status.ts";

/** Status (index into `statuses`) and priority as the mapping reads them. */
export type Meaning = { readonly status: number; readonly priority: Priority; readonly urgency: number };

/** The statuses of finished issues. */
export const finishedStatuses: readonly number[] = statuses.flatMap((status, index) =>
  isFinished(status) ? [index] : [],
);

const nothing: Mapping = { statusRules: [], priorityRules: [] };

/** Reads issues by a mapping; combinations of state, priority and labels repeat, so each is read once. */
export function meaningReader(mapping: Mapping | null) {
  const known = new Map<string, Meaning>();
  return (issue: { stateId: string; nativePriority: string | null; labels: readonly string[] }): Meaning => {
    const combination = JSON.stringify([issue.stateId, issue.nativePriority, issue.labels]);
    const found = known.get(combination);
    if (found) return found;
    const priority = priorityOf(mapping ?? nothing, issue);
    const meaning = {
      status: statuses.indexOf(statusOf(mapping ?? nothing, issue)),
      priority,
      urgency: 5 - priorityRank(priority),
    };
    known.set(combination, meaning);
    return meaning;
  };
}
