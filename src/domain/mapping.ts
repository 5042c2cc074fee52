import { foldName } from "./fold-name.ts";
import type { Priority } from "./priority.ts";
import type { Status } from "./status.ts";

/**
 * Maps a source's workflow to a status. The first matching rule wins.
 * `stateId` is the tracker's native state (see `NativeState.id`); `label` a label name, compared folded.
 */
export type StatusRule = {
  readonly stateId: string;
  readonly label?: string;
  readonly status: Status;
  /** Found in the tracker's workflow, or set by the user in projects.yaml. */
  readonly origin: "detected" | "set";
  /** false: the rule applies only to reading; no issue is moved there (Linear's triage, a duplicate). Moves use the first of the other rules. */
  readonly outward?: false;
};

/** Maps a native priority or a label to a priority. The first matching rule wins. */
export type PriorityRule =
  | { readonly nativePriority: string; readonly priority: Priority }
  | { readonly label: string; readonly priority: Priority };

export type Mapping = {
  readonly statusRules: readonly StatusRule[];
  readonly priorityRules: readonly PriorityRule[];
};

/** The status of an issue. A state without a rule (new in the tracker) is `backlog` until the mapping is refreshed. */
export function statusOf(mapping: Mapping, issue: { stateId: string; labels: readonly string[] }): Status {
  const folded = new Set(issue.labels.map(foldName));
  for (const rule of mapping.statusRules) {
    if (rule.stateId !== issue.stateId) continue;
    if (rule.label !== undefined && !folded.has(foldName(rule.label))) continue;
    return rule.status;
  }
  return "backlog";
}

/** The priority of an issue; 0 if no rule matches. */
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
