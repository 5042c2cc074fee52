import type { PanopticonError } from "../../domain/error.ts";
import { foldName } from "../../domain/fold-name.ts";
import type { Label, NativeState } from "../../domain/issue.ts";
import type { Mapping, StatusRule } from "../../domain/mapping.ts";
import type { Status } from "../../domain/status.ts";
import { findLabelPriorities } from "../label-priorities.ts";
import { readOverrides } from "../status-overrides.ts";

/** GitLab has these everywhere. */
export const gitlabStates: readonly NativeState[] = [
  { id: "opened", name: "Open", category: "open", position: 0 },
  { id: "closed", name: "Closed", category: "closed", position: 1 },
];

/** Labels that say how far an issue is; with several the first of these counts. */
const statusLabels: readonly { readonly stateId: string; readonly status: Status; readonly name: string }[] = [
  { stateId: "opened", status: "in_review", name: "workflow::in review" },
  { stateId: "opened", status: "in_progress", name: "workflow::in progress" },
  { stateId: "opened", status: "planning", name: "workflow::planning" },
  { stateId: "opened", status: "planning", name: "planning" },
  { stateId: "closed", status: "canceled", name: "canceled" },
  { stateId: "closed", status: "canceled", name: "duplicate" },
];

/** The status and priority rules of one project, and what is odd about the overrides. */
export function detectMapping(
  labels: readonly Label[],
  overrides: Readonly<Record<string, string>>,
): { readonly mapping: Mapping; readonly warnings: readonly PanopticonError[] } {
  const given = readOverrides(overrides, {
    tracker: "gitlab",
    states: gitlabStates,
    aliases: { opened: "opened" },
    isFinishedState: (state) => state.category === "closed",
    labels,
  });
  const detected: StatusRule[] = [
    ...statusLabels
      .filter(({ status }) => !given.replaced.has(status))
      .map(({ stateId, status, name }): StatusRule => {
        const own = labels.find((label) => foldName(label.name) === foldName(name));
        return { stateId, label: own?.name ?? name, status, origin: "detected" };
      }),
    { stateId: "closed", status: "done", origin: "detected" },
    { stateId: "opened", status: "backlog", origin: "detected" },
  ];
  return {
    mapping: { statusRules: [...given.rules, ...detected], priorityRules: findLabelPriorities(labels) },
    warnings: given.warnings,
  };
}
