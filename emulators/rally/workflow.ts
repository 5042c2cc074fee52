import type { ArtifactKind } from "./records.ts";

/**
 * The workspace's own words, in its order. `Idea` and `Released` are its own additions to Rally's four schedule states: one may stand before
 * Defined, others after Accepted.
 */
export const scheduleStates = ["Idea", "Defined", "In-Progress", "Completed", "Accepted", "Released"] as const;

export const defectStates = ["Submitted", "Open", "Fixed", "Closed"] as const;
export const taskStates = ["Defined", "In-Progress", "Completed"] as const;
export const portfolioStateNames = ["Discovering", "Developing", "Done"] as const;
export const priorities = ["None", "Resolve Immediately", "High Attention", "Normal", "Low"] as const;
export const resolutions = ["None", "Code Change", "Duplicate", "Not a Defect"] as const;

/** A project's columns, each with the schedule state it stands for. */
export const flowStateNames: readonly (readonly [name: string, scheduleState: string])[] = [
  ["Idea", "Idea"],
  ["Defined", "Defined"],
  ["Planning", "Defined"],
  ["In-Progress", "In-Progress"],
  ["Code Review", "Completed"],
  ["Accepted", "Accepted"],
  ["Released", "Released"],
];

/** The words that mean much the same for each type, so that tests can speak of any item as of a story. */
const columns: Readonly<Record<ArtifactKind, readonly [first: string, doing: string, review: string, done: string]>> = {
  story: ["Defined", "In-Progress", "Code Review", "Accepted"],
  defect: ["Submitted", "Open", "Fixed", "Closed"],
  task: ["Defined", "In-Progress", "In-Progress", "Completed"],
  feature: ["Discovering", "Developing", "Developing", "Done"],
};

/** A story's word as a type's own; the word itself where it is none of a story's. */
export function wordFor(kind: ArtifactKind, word: string): string {
  const position = columns.story.findIndex((one) => one.toLowerCase() === word.toLowerCase());
  return columns[kind][position] ?? word;
}

export function isDone(kind: ArtifactKind, words: { state: string | null; scheduleState: string | null }): boolean {
  if (kind === "defect") return words.state === "Closed";
  if (kind === "task") return words.state === "Completed";
  if (kind === "feature") return words.state === "Done";
  return words.scheduleState === "Accepted" || words.scheduleState === "Released";
}
