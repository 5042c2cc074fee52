import type { Person } from "../../../domain/issue.ts";
import type { IssueAddress } from "../../../domain/operation.ts";
import { refuseUnreadable } from "../../http/parse-body.ts";
import { toSince } from "../issue-list.ts";
import type { OperationMark, ReadResult, Source, WrittenComment } from "../../tracker.ts";
import type { GithubClient } from "../client.ts";
import { numberOf } from "../issue-number.ts";
import { toComment, toIssue, toPerson, toSeen } from "../map.ts";
import { readMarker } from "../marker.ts";
import { Issue } from "../schema.ts";
import { clockSlackMs, onServerClock } from "../../server-clock.ts";

/**
 * The issues that carry an operation's mark, oldest first. The caller's newest hundred are looked at whatever the clocks say, and further ones as far
 * back as the first sending. Two requests.
 */
export async function findMarkedIssues(
  client: GithubClient,
  source: Source,
  mark: OperationMark,
  signal: AbortSignal | undefined,
): Promise<readonly Extract<ReadResult, { kind: "issue" }>[]> {
  if (mark.firstSentAt === null) return [];
  const { user } = await client.fetchUser(signal);
  const found: Extract<ReadResult, { kind: "issue" }>[] = [];
  for await (const { records, requestedAt, serverTime } of client.fetchNewestBy(source.key, user.login, signal)) {
    const since = onServerClock(mark.firstSentAt, { requestedAt, serverTime }) - clockSlackMs;
    let oldest = Infinity;
    for (const record of records) {
      const issue = Issue.safeParse(record).data;
      if (issue === undefined) {
        refuseUnreadable(record, mark, "github");
        continue;
      }
      oldest = Math.min(oldest, issue.created_at);
      if (issue.user?.id !== user.id || readMarker(issue.body ?? "").id !== mark.id.toLowerCase()) continue;
      found.push({ kind: "issue", issue: toIssue(issue), seen: toSeen([issue]), requestedAt });
    }
    if (oldest < since) break;
  }
  return found.toSorted((a, b) => a.issue.createdAt - b.issue.createdAt || numberIn(a) - numberIn(b));
}

/** The comments of an issue that carry an operation's mark, oldest first. Two requests. */
export async function findMarkedComments(
  client: GithubClient,
  source: Source,
  issue: IssueAddress,
  mark: OperationMark,
  signal: AbortSignal | undefined,
): Promise<readonly WrittenComment[]> {
  if (mark.firstSentAt === null) return [];
  const { user, response } = await client.fetchUser(signal);
  const since = toSince(onServerClock(mark.firstSentAt, response) - clockSlackMs);
  const found: WrittenComment[] = [];
  for await (const page of client.fetchComments(source.key, numberOf(issue.key), signal, since)) {
    for (const comment of page) {
      if (comment.user?.id !== user.id || readMarker(comment.body ?? "").id !== mark.id.toLowerCase()) continue;
      const people: Person[] = [toPerson(comment.user)];
      found.push({ comment: toComment(comment), seen: { people } });
    }
  }
  return found;
}

function numberIn({ issue }: Extract<ReadResult, { kind: "issue" }>): number {
  return Number(numberOf(issue.key));
}
