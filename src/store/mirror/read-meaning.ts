import { type RawBuilder, sql } from "kysely";
import { priorityOf, statusOf } from "../../domain/mapping.ts";
import type { Mapping } from "../../domain/mapping.ts";
import { priorityRank } from "../../domain/priority.ts";
import type { Priority } from "../../domain/priority.ts";
import { isFinished, statuses } from "../../domain/status.ts";

/** Status (index into `statuses`) and priority according to the mapping. */
export type Meaning = { readonly status: number; readonly priority: Priority; readonly urgency: number };

/** `status in ${finishedStatuses}`: the issue is finished. */
export const finishedStatuses: RawBuilder<number> = sql`(${sql.join(
  statuses.flatMap((status, index) => (isFinished(status) ? [index] : [])),
)})`;

const nothing: Mapping = { statusRules: [], priorityRules: [] };

type ReadMeaning = (issue: {
  readonly stateId: string;
  readonly nativePriority: string | null;
  readonly labels: readonly string[];
}) => Meaning;

/** More combinations than most sources have; a larger cache is cleared now and then. */
const maxKnown = 5_000;

const readers = new WeakMap<Mapping, ReadMeaning>();

/** Returns the reader for a mapping. */
export function meaningReader(mapping: Mapping | null): ReadMeaning {
  const key = mapping ?? nothing;
  let reader = readers.get(key);
  if (reader === undefined) readers.set(key, (reader = newReader(key)));
  return reader;
}

/** Combinations of state, priority and labels repeat, so each is computed once. */
function newReader(mapping: Mapping): ReadMeaning {
  const known = new Map<string, Meaning>();
  return (issue) => {
    const combination = JSON.stringify([issue.stateId, issue.nativePriority, issue.labels]);
    const found = known.get(combination);
    if (found) return found;
    const priority = priorityOf(mapping, issue);
    const meaning = {
      status: statuses.indexOf(statusOf(mapping, issue)),
      priority,
      urgency: 5 - priorityRank(priority),
    };
    if (known.size >= maxKnown) known.clear();
    known.set(combination, meaning);
    return meaning;
  };
}
