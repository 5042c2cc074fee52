import type { Status } from "../../../src/domain/status.ts";

type StateOfStatus = { readonly status: Status; readonly state: string | null; readonly label: string | null };

/**
 * What the tracker will have for a status, as people are told of it: its state, and the label that makes it the status where the state alone does not. A state that
 * stays as it is, `present`, is left out then: `label in progress`. null: not known.
 */
export function stateWords(
  states: readonly StateOfStatus[],
  status: Status,
  present: string | null = null,
): string | null {
  const own = states.find((one) => one.status === status);
  if (own === undefined || own.state === null || own.label === null) return own?.state ?? null;
  return own.state === present ? `label ${own.label}` : `${own.state}, label ${own.label}`;
}
