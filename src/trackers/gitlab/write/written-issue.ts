import type { NativeIssue } from "../../../domain/issue.ts";
import type { ReadResult } from "../../tracker.ts";
import { toIssue, toSeen } from "../map.ts";
import type { ProjectMemory } from "../memory.ts";
import type { Issue, Label } from "../schema.ts";
import { isStatus } from "../status-ids.ts";
import type { WorkItemFacts } from "../work-items/facts.ts";

type Written = Extract<ReadResult, { kind: "issue" }>;

/** The answer to a write with its labels in full, which it names only; null where a name is new. */
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
 * What REST leaves out of its answer is as it was read before: such an update changes neither parent nor links. null where the status may be another one
 * now: by closing, reopening or another type.
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
