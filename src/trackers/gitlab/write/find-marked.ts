import { parseRecord, refuseUnreadable } from "../../http/parse-body.ts";
import type { OperationMark, ReadResult, Source } from "../../tracker.ts";
import { readMark } from "../marker.ts";
import type { WriterParts } from "../parts.ts";
import { isMoved } from "../issue-list.ts";
import { projectOf } from "../project-of.ts";
import { Issue, Note } from "../schema.ts";
import { toWritten } from "./written-issue.ts";
import type { WriteClient } from "./write-client.ts";
import { clockSlackMs, onServerClock } from "../../server-clock.ts";

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
  const pages = writes.fetchNewestIssues(projectOf(source), account.id, signal);
  const found: { readonly issue: Issue; readonly requestedAt: number }[] = [];
  for await (const { records, ...answer } of pages) {
    const issues = parseAll(Issue, records, mark);
    for (const issue of issues) {
      const isOwn = issue.author?.id === account.id && !isMoved(issue);
      if (isOwn && readMark(issue.description ?? "").mark === mark.id.toLowerCase()) found.push({ issue, ...answer });
    }
    if (isBefore(issues, onServerClock(mark.firstSentAt, answer) - clockSlackMs)) break;
  }
  const issues = found.map(({ issue }) => issue);
  memory.learn(source, issues);
  const facts = await workItems.factsOf(issues, { fresh: true, signal });
  return found
    .map(({ issue, requestedAt }) => toWritten(issue, client.web, facts.get(issue.id) ?? null, requestedAt))
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
  const found: Note[] = [];
  for await (const { records, ...answer } of client.fetchNewestNotes(project, iid, signal)) {
    const notes = parseAll(Note, records, mark);
    for (const note of notes) {
      const isOwn = note.author?.id === account.id && note.system !== true;
      if (isOwn && readMark(note.body ?? "").mark === mark.id.toLowerCase()) found.push(note);
    }
    if (isBefore(notes, onServerClock(mark.firstSentAt, answer) - clockSlackMs)) break;
  }
  return found.toReversed();
}

/** What does not parse is none of ours, unless it has the mark. */
function parseAll<T>(
  schema: Parameters<typeof parseRecord<T>>[0],
  records: readonly unknown[],
  mark: OperationMark,
): T[] {
  return records.flatMap((raw) => {
    const record = parseRecord(schema, raw, () => null);
    if (record.ok) return [record.value];
    refuseUnreadable(raw, mark, "gitlab");
    return [];
  });
}

function isBefore(records: readonly { readonly created_at: number }[], time: number): boolean {
  return records.some((record) => record.created_at < time);
}
