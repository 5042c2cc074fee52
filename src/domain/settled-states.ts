/** Final states of a local change in the history, with nothing left to do: written to the tracker, merged into a later change, dropped or undone. */
export const settledStates = ["written", "merged", "dropped", "undone"] as const;

export type SettledState = (typeof settledStates)[number];
