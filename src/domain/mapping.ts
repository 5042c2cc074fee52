import { foldName } from "./fold-name.ts";
import type { Priority } from "./priority.ts";
import type { Status } from "./status.ts";

/**
 * How a source's own workflow is read as a status. The first rule that fits wins.
 * `stateId` is the tracker's native state (see `NativeState.id`); `label` a label name, compared folded.
 */
export type StatusRule = {
  readonly stateId: string;
  readonly label?: string;
  readonly status: Status;
  /** Found in the tracker's workflow, or set by the user in projects.yaml. */
  readonly origin: "detected" | "set";
  /** false: says how such an issue is read, but none is ever moved there (Linear's triage, a duplicate). Of the others the first one is taken. */
  readonly outward?: false;
};

/** How a native priority or a label is read as a priority. The first rule that fits wins. */
export type PriorityRule =
  | { readonly nativePriority: string; readonly priority: Priority }
  | { readonly label: string; readonly priority: Priority };

export type Mapping = {
  readonly statusRules: readonly StatusRule[];
  readonly priorityRules: readonly PriorityRule[];
};

/** Reads the status of an issue. A state no rule knows (new in the tracker) is `backlog` until the mapping is refreshed. */
export function statusOf(mapping: Mapping, issue: { stateId: string; labels: readonly string[] }): Status {
  const folded = new Set(issue.labels.map(foldName));
  for (const rule of mapping.statusRules) {
    if (rule.stateId !== issue.stateId) continue;
    if (rule.label !== undefined && !folded.has(foldName(rule.label))) continue;
    return rule.status;
  }
  return "backlog";
}

/** Reads the priority of an issue; 0 where nothing fits. */
export function priorityOf(
  mapping: Mapping,
  issue: { nativePriority: string | null; labels: readonly string[] },
): Priority {
  let folded: Set<string> | undefined;
  for (const rule of mapping.priorityRules) {
    if ("label" in rule) {
      folded ??= new Set(issue.labels.map(foldName));
      if (folded.has(foldName(rule.label))) return rule.priority;
    } else if (rule.nativePriority === issue.nativePriority) {
      return rule.priority;
    }
  }
  return 0;
}
