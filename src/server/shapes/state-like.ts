import { statusOf, type Mapping } from "../../domain/mapping.ts";
import type { NativeState } from "../../domain/issue.ts";
import type { Status } from "../../domain/status.ts";

/** The statuses whose state a new one resembles, nearest first; states that end an issue are left to the tracker. */
const neighbours: Readonly<Record<Status, readonly Status[]>> = {
  backlog: ["planning"],
  planning: ["backlog", "in_progress"],
  in_progress: ["in_review", "planning"],
  in_review: ["in_progress"],
  done: [],
  canceled: [],
};

/** The state that a new one for this status is placed next to: the last one that moves lead to; undefined if there is none. */
export function findStateLike(
  status: Status,
  states: readonly NativeState[],
  mapping: Mapping,
): NativeState | undefined {
  const closed = new Set(mapping.statusRules.filter(({ outward }) => outward === false).map(({ stateId }) => stateId));
  const open = states.filter(({ id }) => !closed.has(id));
  for (const neighbour of neighbours[status]) {
    const found = open.findLast(({ id }) => statusOf(mapping, { stateId: id, labels: [] }) === neighbour);
    if (found !== undefined) return found;
  }
  return undefined;
}
