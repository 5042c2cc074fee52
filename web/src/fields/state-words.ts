import { foldName } from "../../../src/domain/fold-name.ts";
import { statusLabels, type Status } from "../../../src/domain/status.ts";

type StateOfStatus = { readonly status: Status; readonly state: string | null };

/**
 * The native state that a status becomes, as people are told of it. Where several statuses share one state, labels tell them apart, and the status
 * stands beside it: `Open, In Progress`. null: not known.
 */
export function stateWords(states: readonly StateOfStatus[], status: Status): string | null {
  const own = states.find((one) => one.status === status)?.state ?? null;
  if (own === null) return null;
  const isShared = states.some((one) => one.status !== status && one.state === own);
  const isNamed = status === "backlog" || foldName(own) === foldName(statusLabels[status]);
  return isShared && !isNamed ? `${own}, ${statusLabels[status]}` : own;
}
