import type { NativeIssue } from "../../../domain/issue.ts";
import type { ReadResult } from "../../tracker.ts";
import { toIssue, toSeen } from "../map.ts";
import type { ProjectMemory } from "../memory.ts";
import type { Issue, Label } from "../schema.ts";
import { isStatus } from "../status-ids.ts";
import type { WorkItemFacts } from "../work-items/facts.ts";

type Written = Extract<ReadResult, { kind: "issue" }>;

/** The response to a write with complete labels, instead of only their names; null if a name is new. */
export function withKnownLabels(issue: Issue, project: ProjectMemory): Issue | null {
  const labels: Label[] = [];
  for (const label of issue.labels) {
    const known = typeof label === "string" ? project.labels.byName(label) : label;
    if (known === undefined) return null;
    labels.push(known);
  }
  return { ...issue, labels };
}

/**
 * The facts that REST omits from its response, as read before: such an update changes neither parent nor links. null if the status may have changed: by
 * closing, reopening or changing the type.
 */
export function factsAfter(before: NativeIssue, issue: Issue, project: ProjectMemory): WorkItemFacts | null {
  const { parentId, relations, stateId } = before;
  if (before.type !== (issue.issue_type ?? "issue") && project.statuses?.size !== 0) return null;
  if (!isStatus(stateId)) return { parentId, relations, stateId: null };
  const isClosed = issue.state === "closed";
  return project.statuses?.get(stateId) === isClosed ? { parentId, relations, stateId } : null;
}

export function toWritten(issue: Issue, web: string, facts: WorkItemFacts | null, requestedAt: number): Written {
  return { kind: "issue", issue: toIssue(issue, web, facts), seen: toSeen([issue], [facts]), requestedAt };
}
