import type { Stage } from "../seed/story.ts";
import type { CategoryKey } from "./records.ts";

/** A status and the stages of the made-up issues that it stands for. */
export type StatusRow = readonly [name: string, category: CategoryKey, stages: readonly Stage[]];

export const usualStatuses: readonly StatusRow[] = [
  ["Backlog", "new", ["triage", "backlog"]],
  ["To Do", "new", ["unstarted"]],
  ["Planning", "new", ["planning"]],
  ["In Progress", "indeterminate", ["in_progress"]],
  ["In Review", "indeterminate", ["in_review"]],
  ["Done", "done", ["done", "canceled", "duplicate"]],
];

/** Operations has grown its own workflow: other names, and two ends. */
export const operationsStatuses: readonly StatusRow[] = [
  ["Open", "new", ["triage", "backlog"]],
  ["Ready for dispatch", "new", ["unstarted"]],
  ["Planning", "indeterminate", ["planning"]],
  ["In Progress", "indeterminate", ["in_progress"]],
  ["Waiting on carrier", "indeterminate", []],
  ["Code Review", "indeterminate", ["in_review"]],
  ["Resolved", "done", []],
  ["Done", "done", ["done", "canceled", "duplicate"]],
];

export const resolutionOfStage: Readonly<Partial<Record<Stage, string>>> = {
  done: "Done",
  canceled: "Won't Do",
  duplicate: "Duplicate",
};
