import type { PanopticonError } from "../../domain/error.ts";
import type { Label, NativeState } from "../../domain/issue.ts";
import type { Mapping, StatusRule } from "../../domain/mapping.ts";
import { isFinished } from "../../domain/status.ts";
import { findLabelPriorities } from "../label-priorities.ts";
import { type StatusLabel, statusLabels } from "../status-labels.ts";
import { readOverrides } from "../status-overrides.ts";
import { lifecycleRules } from "./lifecycle.ts";
import { gitlabStates, isClosed } from "./states.ts";
import { isStatus } from "./status-ids.ts";

/** Labels that represent the status of an issue; of several, the first in this list counts. */
const stageLabels: readonly StatusLabel[] = [
  { status: "in_review", name: "workflow::in review" },
  { status: "in_progress", name: "workflow::in progress" },
  { status: "planning", name: "workflow::planning" },
  { status: "planning", name: "planning" },
  { status: "canceled", name: "canceled" },
  { status: "canceled", name: "duplicate", outward: false },
];

/** The status and priority rules of a project, and warnings about the overrides. */
export function detectMapping(
  labels: readonly Label[],
  overrides: Readonly<Record<string, string>>,
  states: readonly NativeState[] = gitlabStates,
): { readonly mapping: Mapping; readonly warnings: readonly PanopticonError[] } {
  const given = readOverrides(overrides, {
    tracker: "gitlab",
    states,
    aliases: { opened: "opened" },
    isFinishedState: isClosed,
    labels,
  });
  const staged = statusLabels(stageLabels, labels, given.replaced);
  const statuses = states.filter(({ id }) => isStatus(id));
  const detected: StatusRule[] = [
    ...staged.map(({ status, name, outward }): StatusRule => ({
      stateId: isFinished(status) ? "closed" : "opened",
      label: name,
      status,
      origin: "detected",
      ...(outward === undefined ? {} : { outward }),
    })),
    { stateId: "closed", status: "done", origin: "detected" },
    { stateId: "opened", status: "backlog", origin: "detected" },
    ...(statuses.length > 0 ? lifecycleRules(statuses, staged, { replaced: given.replaced, labels }) : []),
  ];
  return {
    mapping: { statusRules: [...given.rules, ...detected], priorityRules: findLabelPriorities(labels) },
    warnings: given.warnings,
  };
}
