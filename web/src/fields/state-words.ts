import type { Status } from "../../../src/domain/status.ts";

type StateOfStatus = { readonly status: Status; readonly state: string | null; readonly label: string | null };

/** What an issue has now; a new one, which is given no status, what it gets. */
type Present = { readonly status: Status; readonly state: string | null };

/**
 * What the tracker will have for a status, as people are told of it: its state, and the label that makes it the status where the state alone does not. A state that
 * stays as it is is left out then: `label in progress`. Of the present status it is the present state, which need not be the one that a move would lead to. null: not
 * known.
 */
export function stateWords(states: readonly StateOfStatus[], status: Status, present: Present): string | null {
  const { state = null, label = null } = states.find((one) => one.status === status) ?? {};
  if (state === null || label === null) return status === present.status ? present.state : state;
  return state === present.state ? `label ${label}` : `${state}, label ${label}`;
}
