import { isPanopticonError } from "../../../domain/error.ts";
import type { NativeDraft } from "../../../domain/operation.ts";
import type { OperationMark, ReadResult, Source } from "../../tracker.ts";
import { keyOf } from "../keys.ts";
import { toNativeText } from "../text/native-text.ts";
import type { WriterParts } from "../parts.ts";
import { projectOf } from "../project-of.ts";
import { readIssue } from "../read.ts";
import type { Issue } from "../schema.ts";
import type { WorkItemFacts } from "../work-items/facts.ts";
import { cycleNumber, dayOf, labelNamesOf, refuseForeign, typeOf, weightOf } from "./write-values.ts";
import { toWritten, withKnownLabels } from "./written-issue.ts";

type Made = Extract<ReadResult, { kind: "issue" }>;

/**
 * Creates an issue. The call cannot set a status, a parent or an iteration, so these are left to an edit. Reads the issue again if the response is incomplete:
 * it lacks the initial status, and the ids of labels created with the issue.
 */
export async function createIssue(
  parts: WriterParts,
  source: Source,
  draft: NativeDraft,
  mark: OperationMark,
  signal: AbortSignal | undefined,
): Promise<Made> {
  const { memory, writes, client } = parts;
  const body = toParameters(source, draft, mark, client.web);
  const { issue, requestedAt } = await writes.createIssue(projectOf(source), body, signal);
  const project = memory.of(source);
  const known = withKnownLabels(issue, project);
  if (known !== null && project.statuses?.size === 0) return toWritten(known, client.web, nothing, requestedAt);
  return (await readAgain(parts, source, issue, signal)) ?? toWritten(known ?? issue, client.web, null, requestedAt);
}

/** The facts of a new issue. */
const nothing: WorkItemFacts = { parentId: null, relations: [], stateId: null };

/** Failing to read is not an error, because the issue exists: the next poll completes it. */
async function readAgain(
  parts: WriterParts,
  source: Source,
  issue: Issue,
  signal: AbortSignal | undefined,
): Promise<Made | null> {
  try {
    const result = await readIssue(parts, source, { nativeId: String(issue.id), key: keyOf(issue.iid) }, signal);
    return result.kind === "issue" ? result : null;
  } catch (error) {
    if (isPanopticonError(error)) return null;
    throw error;
  }
}

function toParameters(source: Source, draft: NativeDraft, mark: OperationMark, web: string): Record<string, unknown> {
  refuseForeign(draft);
  const milestone = draft.cycleId === null ? null : cycleNumber(draft.cycleId, "milestone");
  return {
    title: draft.title,
    description: toNativeText(draft.body, { web, projectId: source.nativeId }, mark),
    ...(draft.type === null ? {} : { issue_type: typeOf(draft.type) }),
    ...(draft.labels.length === 0 ? {} : { labels: labelNamesOf(draft.labels) }),
    ...(draft.assigneeIds.length === 0 ? {} : { assignee_ids: draft.assigneeIds.map(Number) }),
    ...(milestone === null ? {} : { milestone_id: milestone }),
    ...(draft.dueDate === null ? {} : { due_date: dayOf(draft.dueDate) }),
    ...(draft.estimate === null ? {} : { weight: weightOf(draft.estimate) }),
  };
}
