import type { NativeIssue } from "../../../domain/issue.ts";
import { beforehand } from "../../beforehand.ts";
import { fieldOf, parseBody } from "../../http/parse-body.ts";
import type { Source, WriteAnswer, WriteStep } from "../../tracker.ts";
import { iidOf } from "../keys.ts";
import type { WriterParts } from "../parts.ts";
import { projectOf } from "../project-of.ts";
import { applyFacts, toFacts } from "../work-items/facts.ts";
import { momentOf, momentOfItem } from "../work-items/work-items.ts";
import { toAssigneeIds } from "./assignees.ts";
import { StepRequest } from "./write-plan.ts";
import { factsAfter, toWritten, withKnownLabels } from "./written-issue.ts";

/**
 * Sends a planned request. REST returns the issue without what only GraphQL tells, which such a request does not change; GraphQL returns that part. null if the
 * response contains something unknown, such as a new label.
 */
export async function performStep(
  parts: WriterParts,
  source: Source,
  issue: NativeIssue,
  step: WriteStep,
  signal: AbortSignal | undefined,
): Promise<WriteAnswer> {
  const request = parseBody(StepRequest, step.request, { tracker: "gitlab", what: step.name });
  return request.kind === "update"
    ? updateIssue(parts, source, issue, request, signal)
    : updateWorkItem(parts, issue, request.input, signal);
}

async function updateIssue(
  { client, workItems, memory, writes }: WriterParts,
  source: Source,
  issue: NativeIssue,
  { body, assignees }: Extract<StepRequest, { kind: "update" }>,
  signal: AbortSignal | undefined,
): Promise<WriteAnswer> {
  const place = [projectOf(source), iidOf(issue.key)] as const;
  const project = memory.of(source);
  // Keeps people whom others assigned since the issue was read.
  const whole =
    assignees &&
    (await beforehand(async () => {
      const present = (await writes.fetchIssue(...place, signal)).assignees ?? [];
      const ids = present.map(({ id }) => String(id));
      return { assignee_ids: toAssigneeIds(ids, assignees, project) };
    }));
  const answer = await writes.updateIssue(...place, { ...body, ...whole }, signal);
  const known = withKnownLabels(answer.issue, project);
  const facts = factsAfter(issue, answer.issue, project);
  // Another project may now have this path.
  if (known === null || facts === null || String(answer.issue.id) !== issue.nativeId) return null;
  workItems.remember(answer.issue.id, momentOf(answer.issue), facts);
  return toWritten(known, client.web, facts, answer.requestedAt);
}

async function updateWorkItem(
  { workItems }: WriterParts,
  issue: NativeIssue,
  input: Readonly<Record<string, unknown>>,
  signal: AbortSignal | undefined,
): Promise<WriteAnswer> {
  const { item, requestedAt } = await workItems.update(issue.nativeId, input, signal);
  const after = { ...applyFacts(issue, item), ...cycleIn(input) };
  const facts = toFacts(item);
  workItems.remember(Number(issue.nativeId), momentOfItem(item), facts);
  return { kind: "issue", issue: after, seen: { named: facts.named ?? [] }, requestedAt };
}

/** A plan that removes an iteration names the milestone that remains. */
function cycleIn(input: Readonly<Record<string, unknown>>): Pick<NativeIssue, "cycleId"> | object {
  if (!("iterationWidget" in input)) return {};
  const iteration = numberIn(fieldOf(input["iterationWidget"], "iterationId"));
  const milestone = numberIn(fieldOf(input["milestoneWidget"], "milestoneId"));
  if (iteration !== null) return { cycleId: `iteration:${iteration}` };
  return { cycleId: milestone === null ? null : `milestone:${milestone}` };
}

function numberIn(gid: unknown): string | null {
  return typeof gid === "string" ? (/\/(\d+)$/.exec(gid)?.[1] ?? null) : null;
}
