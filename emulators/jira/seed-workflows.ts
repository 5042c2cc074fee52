import type { Stage } from "../seed/story.ts";
import type { CategoryKey, Status, Transition, Workflow } from "./records.ts";
import { sharedIds } from "./wire-fields.ts";

/** A status and the stages of the made-up issues it represents. */
export type StatusRow = readonly [name: string, category: CategoryKey, stages: readonly Stage[]];

export const usualStatuses: readonly StatusRow[] = [
  ["Backlog", "new", ["triage", "backlog"]],
  ["To Do", "new", ["unstarted"]],
  ["Planning", "new", ["planning"]],
  ["In Progress", "indeterminate", ["in_progress"]],
  ["In Review", "indeterminate", ["in_review"]],
  ["Done", "done", ["done", "canceled", "duplicate"]],
];

/** Operations has its own workflow: other names, and two final statuses. */
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

/** Transitions between all statuses, without a screen: Jira's default for a new board. */
export function simpleWorkflow(statuses: readonly Status[]): Workflow {
  return {
    statuses,
    transitions: statuses.map((to, index) => ({
      id: (index + 1) * 10 + 1,
      name: to.name,
      to,
      from: null,
      screen: {},
    })),
  };
}

/** Open work can go anywhere, waiting asks for the reason, finishing for the resolution; two transitions lead to Done; finished work can only be reopened. */
export function operationsWorkflow(statuses: readonly Status[]): Workflow {
  const open = statuses.filter(({ category }) => category !== "done");
  const finished = statuses.filter(({ category }) => category === "done");
  const [first] = open;
  const transitions: Transition[] = [];
  const add = (name: string, to: Status | undefined, from: Transition["from"], screen: Transition["screen"] = {}) => {
    if (to !== undefined) transitions.push({ id: (transitions.length + 1) * 10 + 1, name, to, from, screen });
  };
  for (const to of open) {
    const screen = to.name === "Waiting on carrier" ? { [sharedIds.note]: "required" as const } : {};
    add(to.name, to, open, screen);
  }
  for (const to of finished) add(`Finish: ${to.name}`, to, open, { resolution: "required" });
  add("Close with a note", finished.at(-1), open, {
    resolution: "required",
    [sharedIds.note]: "required",
    assignee: "optional",
  });
  add("Open again", first, finished);
  return { statuses, transitions };
}
