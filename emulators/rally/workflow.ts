import type { ArtifactKind } from "./records.ts";

/** The workspace's own values, in order. `Idea` and `Released` are its additions to Rally's four schedule states: one may precede Defined, others follow Accepted. */
export const scheduleStates = ["Idea", "Defined", "In-Progress", "Completed", "Accepted", "Released"] as const;

export const defectStates = ["Submitted", "Open", "Fixed", "Closed"] as const;
export const taskStates = ["Defined", "In-Progress", "Completed"] as const;
export const portfolioStateNames = ["Discovering", "Developing", "Done"] as const;
export const priorities = ["None", "Resolve Immediately", "High Attention", "Normal", "Low"] as const;
export const resolutions = ["None", "Code Change", "Duplicate", "Not a Defect"] as const;
export const severities = ["None", "Crash/Data Loss", "Major Problem", "Minor Problem", "Cosmetic"] as const;
/** Values of a custom field that every new defect requires. */
export const finders = ["Customer", "Support", "Engineering", "Monitoring"] as const;

/** A project's columns, each with its schedule state. */
export const flowStateNames: readonly (readonly [name: string, scheduleState: string])[] = [
  ["Idea", "Idea"],
  ["Defined", "Defined"],
  ["Planning", "Defined"],
  ["In-Progress", "In-Progress"],
  ["Code Review", "Completed"],
  ["Accepted", "Accepted"],
  ["Released", "Released"],
];

/** Corresponding columns of each type, so that tests can treat items of any type alike. */
const columns: Readonly<Record<ArtifactKind, readonly [first: string, doing: string, review: string, done: string]>> = {
  story: ["Defined", "In-Progress", "Code Review", "Accepted"],
  defect: ["Submitted", "Open", "Fixed", "Closed"],
  task: ["Defined", "In-Progress", "In-Progress", "Completed"],
  feature: ["Discovering", "Developing", "Developing", "Done"],
};

/** The nearest columns of story values without a counterpart. */
const nearest: Readonly<Record<string, number>> = { idea: 0, planning: 0, none: 0, released: 3 };

/** Translates any type's value to this type's own. */
export function wordFor(kind: ArtifactKind, word: string): string {
  const wanted = word.toLowerCase();
  const own: readonly string[] = {
    story: flowStateNames.map(([name]) => name),
    defect: defectStates,
    task: taskStates,
    feature: portfolioStateNames,
  }[kind];
  if (own.some((one) => one.toLowerCase() === wanted)) return word;
  const positions = Object.values(columns).map((words) => words.findIndex((one) => one.toLowerCase() === wanted));
  const position = positions.find((one) => one >= 0) ?? nearest[wanted];
  return position === undefined ? word : (columns[kind][position] ?? word);
}

export function isDone(kind: ArtifactKind, words: { state: string | null; scheduleState: string | null }): boolean {
  if (kind === "defect") return words.state === "Closed";
  if (kind === "task") return words.state === "Completed";
  if (kind === "feature") return words.state === "Done";
  return words.scheduleState === "Accepted" || words.scheduleState === "Released";
}
