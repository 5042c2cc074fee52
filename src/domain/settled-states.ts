/** What becomes of a change that was made here, in the history's words, once nothing is left to be done about it: it is in its tracker, a later one took its place, it was given up or taken back. */
export const settledStates = ["written", "merged", "dropped", "undone"] as const;

export type SettledState = (typeof settledStates)[number];
