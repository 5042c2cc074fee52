import type { Status } from "../../../src/domain/status.ts";

type StateOfStatus = { readonly status: Status; readonly state: string | null; readonly label: string | null };

/** An issue's current status and native state; for a new issue, those it gets by default. */
type Present = { readonly status: Status; readonly state: string | null };

/**
 * Describes what the tracker will have for a status: its state, plus the label if the state alone does not determine the status. A state that does not change
 * is omitted: `label in progress`. For the current status it is the current state, which need not be the one a move would lead to. null: unknown.
 */
export function stateWords(states: readonly StateOfStatus[], status: Status, present: Present): string | null {
  const { state = null, label = null } = states.find((one) => one.status === status) ?? {};
  if (state === null || label === null) return status === present.status ? present.state : state;
  return state === present.state ? `label ${label}` : `${state}, label ${label}`;
}
