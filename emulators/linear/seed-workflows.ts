import type { Stage } from "../seed/story.ts";

/** A state and the stage of the made-up issues it represents; null: no seeded issue is in it. */
export type StateRow = readonly [name: string, type: string, color: string, stage: Stage | null];

export const usualStates: readonly StateRow[] = [
  ["Triage", "triage", "#fc7840", "triage"],
  ["Backlog", "backlog", "#bec2c8", "backlog"],
  ["Todo", "unstarted", "#e2e2e2", "unstarted"],
  ["Planning", "unstarted", "#c5def5", "planning"],
  ["In Progress", "started", "#f2c94c", "in_progress"],
  ["In Review", "started", "#0f783c", "in_review"],
  ["Done", "completed", "#5e6ad2", "done"],
  ["Canceled", "canceled", "#95a2b3", "canceled"],
  ["Duplicate", "duplicate", "#95a2b3", "duplicate"],
];

/** Operations has its own workflow: other names, and two states of one type. */
export const operationsStates: readonly StateRow[] = [
  ["Triage", "triage", "#fc7840", "triage"],
  ["Icebox", "backlog", "#bec2c8", "backlog"],
  ["Ready", "unstarted", "#e2e2e2", "unstarted"],
  ["Planning", "started", "#c5def5", "planning"],
  ["In Progress", "started", "#f2c94c", "in_progress"],
  ["Waiting on carrier", "started", "#eb5757", null],
  ["Code Review", "started", "#0f783c", "in_review"],
  ["Shipped", "completed", "#5e6ad2", "done"],
  ["Canceled", "canceled", "#95a2b3", "canceled"],
  ["Duplicate", "duplicate", "#95a2b3", "duplicate"],
];
