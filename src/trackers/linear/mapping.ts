import type { PanopticonError } from "../../domain/error.ts";
import { foldName } from "../../domain/fold-name.ts";
import type { Label, NativePriority, NativeState } from "../../domain/issue.ts";
import type { Mapping, StatusRule } from "../../domain/mapping.ts";
import { priorities } from "../../domain/priority.ts";
import type { Status } from "../../domain/status.ts";
import { labelFallbacks } from "./label-fallback.ts";
import { readOverrides } from "../status-overrides.ts";

const statusOfType: ReadonlyMap<string, Status> = new Map(
  Object.entries<Status>({
    triage: "backlog",
    backlog: "backlog",
    unstarted: "backlog",
    started: "in_progress",
    completed: "done",
    canceled: "canceled",
    duplicate: "canceled",
  }),
);

/** `WorkflowState.type`s of finished issues; types that Linear may add later count as open. */
export const finishedTypes = ["completed", "canceled", "duplicate"] as const;

const reviewNames = new Set(["In Review", "Review", "Code Review", "QA", "Testing"].map(foldName));
const planningName = foldName("Planning");

/** The status and priority rules of a team, and warnings about the overrides. */
export function detectMapping(
  states: readonly NativeState[],
  labels: readonly Label[],
  overrides: Readonly<Record<string, string>>,
): { readonly mapping: Mapping; readonly warnings: readonly PanopticonError[] } {
  const given = readOverrides(overrides, { tracker: "linear", states, isFinishedState: isFinished, labels });
  const detected = states.map((state): StatusRule => ({
    stateId: state.id,
    status: detectStatus(state, given.replaced),
    origin: "detected",
    ...(isMovedInto(state) ? {} : { outward: false }),
  }));
  const labelled = labelFallbacks(states, [...given.rules, ...detected]);
  return {
    mapping: {
      statusRules: [...given.rules, ...labelled, ...detected],
      priorityRules: priorities.map((priority) => ({ nativePriority: String(priority), priority })),
    },
    warnings: given.warnings,
  };
}

function detectStatus(state: NativeState, replaced: ReadonlySet<Status>): Status {
  const name = foldName(state.name);
  if (name === planningName && !isFinished(state) && !replaced.has("planning")) return "planning";
  if (state.category === "started" && reviewNames.has(name) && !replaced.has("in_review")) return "in_review";
  return statusOfType.get(state.category) ?? "backlog";
}

/** Triage is where others put issues, Linear itself sets the duplicate state, and unknown types may mean anything. */
function isMovedInto({ category }: NativeState): boolean {
  return category !== "triage" && category !== "duplicate" && statusOfType.has(category);
}

function isFinished(state: NativeState): boolean {
  return finishedTypes.some((type) => type === state.category);
}

/** The ids are Linear's own numbers; 0 is "No priority". */
export function toPriority(value: { readonly priority: number; readonly label: string }): NativePriority {
  return { id: String(value.priority), name: value.label };
}
