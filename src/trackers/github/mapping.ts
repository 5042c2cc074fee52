import type { PanopticonError } from "../../domain/error.ts";
import type { Label, NativeState } from "../../domain/issue.ts";
import type { Mapping, StatusRule } from "../../domain/mapping.ts";
import { findLabelPriorities } from "../label-priorities.ts";
import { type StatusLabel, statusLabels } from "../status-labels.ts";
import { readOverrides } from "../status-overrides.ts";
import { stateAliases } from "./state-aliases.ts";

/** The same in every repository; they cannot be extended. */
export const githubStates: readonly NativeState[] = [
  { id: "open", name: "Open", category: "open", position: 0 },
  { id: "closed:completed", name: "Closed as completed", category: "closed", position: 1 },
  { id: "closed:not_planned", name: "Closed as not planned", category: "closed", position: 2 },
  { id: "closed:duplicate", name: "Closed as duplicate", category: "closed", position: 3 },
];

/** Labels that represent the status of an open issue; of several, the furthest counts. */
const stageLabels: readonly StatusLabel[] = [
  { status: "in_review", name: "in review" },
  { status: "in_progress", name: "in progress" },
  { status: "planning", name: "planning" },
];

const closedAs: readonly Omit<StatusRule, "origin">[] = [
  { stateId: "closed:completed", status: "done" },
  { stateId: "closed:not_planned", status: "canceled" },
  { stateId: "closed:duplicate", status: "canceled", outward: false },
];

/** The status and priority rules of a repository, and warnings about the overrides. */
export function detectMapping(
  labels: readonly Label[],
  overrides: Readonly<Record<string, string>>,
): { readonly mapping: Mapping; readonly warnings: readonly PanopticonError[] } {
  const given = readOverrides(overrides, {
    tracker: "github",
    states: githubStates,
    aliases: stateAliases,
    isFinishedState: (state) => state.category === "closed",
    labels,
  });
  const detected: StatusRule[] = [
    ...statusLabels(stageLabels, labels, given.replaced).map(({ status, name }): StatusRule => ({
      stateId: "open",
      label: name,
      status,
      origin: "detected",
    })),
    ...closedAs.map((rule): StatusRule => ({ ...rule, origin: "detected" })),
    { stateId: "open", status: "backlog", origin: "detected" },
  ];
  return {
    mapping: { statusRules: [...given.rules, ...detected], priorityRules: findLabelPriorities(labels) },
    warnings: given.warnings,
  };
}
