import { findMarked } from "../../find-marked.ts";
import type { OperationMark, ReadResult, Source } from "../../tracker.ts";
import { readMark } from "../marker.ts";
import type { WriterParts } from "../parts.ts";
import { isMoved } from "../issue-list.ts";
import { projectOf } from "../project-of.ts";
import { Issue, Note } from "../schema.ts";
import { toWritten } from "./written-issue.ts";
import type { WriteClient } from "./write-client.ts";

/**
 * The issues that carry an operation's mark, oldest first. The caller's newest hundred are looked at whatever the clocks say, and further ones as far
 * back as the first sending.
 */
export async function findMarkedIssues(
  { client, workItems, memory, writes }: WriterParts,
  source: Source,
  mark: OperationMark,
  signal: AbortSignal | undefined,
): Promise<readonly Extract<ReadResult, { kind: "issue" }>[]> {
  if (mark.firstSentAt === null) return [];
  const account = await writes.fetchAccount(signal);
  const found = await findMarked(() => writes.fetchNewestIssues(projectOf(source), account.id, signal), mark, {
    tracker: "gitlab",
    schema: Issue,
    isMade: (issue) =>
      issue.author?.id === account.id &&
      !isMoved(issue) &&
      readMark(issue.description ?? "").mark === mark.id.toLowerCase(),
  });
  const issues = found.map(({ made }) => made);
  memory.learn(source, issues);
  const facts = await workItems.factsOf(issues, { fresh: true, signal });
  return found
    .map(({ made, requestedAt }) => toWritten(made, client.web, facts.get(made.id) ?? null, requestedAt))
    .toReversed();
}

/** The comments of an issue that carry an operation's mark, oldest first; as far back as the issues. */
export async function findMarkedNotes(
  client: WriteClient,
  { project, iid }: { readonly project: string; readonly iid: string },
  mark: OperationMark,
  signal: AbortSignal | undefined,
): Promise<readonly Note[]> {
  if (mark.firstSentAt === null) return [];
  const account = await client.fetchAccount(signal);
  const found = await findMarked(() => client.fetchNewestNotes(project, iid, signal), mark, {
    tracker: "gitlab",
    schema: Note,
    isMade: (note) =>
      note.author?.id === account.id &&
      note.system !== true &&
      readMark(note.body ?? "").mark === mark.id.toLowerCase(),
  });
  return found.map(({ made }) => made).toReversed();
}
