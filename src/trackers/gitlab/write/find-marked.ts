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
 * Finds the issues with an operation's mark, oldest first. Always searches the caller's newest hundred, whatever the clocks say, and older ones back to the
 * first attempt.
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

/** Finds the comments of an issue with an operation's mark, oldest first; searches as far back as for issues. */
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
