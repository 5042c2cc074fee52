import type { Person } from "../../../domain/issue.ts";
import type { IssueAddress } from "../../../domain/operation.ts";
import { findMarked } from "../../find-marked.ts";
import { toSince } from "../issue-list.ts";
import type { OperationMark, ReadResult, Source, WrittenComment } from "../../tracker.ts";
import type { GithubClient } from "../client.ts";
import { numberOf } from "../issue-number.ts";
import { toComment, toIssue, toPerson, toSeen } from "../map.ts";
import { readMarker } from "../../comment-mark.ts";
import { Issue } from "../schema.ts";
import { clockSlackMs, onServerClock } from "../../server-clock.ts";

/**
 * Finds the issues with an operation's mark, oldest first. Always searches the caller's newest hundred, whatever the clocks say, and older ones back to the
 * first attempt. Two requests.
 */
export async function findMarkedIssues(
  client: GithubClient,
  source: Source,
  mark: OperationMark,
  signal: AbortSignal | undefined,
): Promise<readonly Extract<ReadResult, { kind: "issue" }>[]> {
  if (mark.firstSentAt === null) return [];
  const { user } = await client.fetchUser(signal);
  const found = await findMarked(() => client.fetchNewestBy(source.key, user.login, signal), mark, {
    tracker: "github",
    schema: Issue,
    isMade: ({ user: author, body }) => author?.id === user.id && readMarker(body ?? "").id === mark.id.toLowerCase(),
  });
  return found
    .toSorted((a, b) => a.made.created_at - b.made.created_at || a.made.number - b.made.number)
    .map(({ made, requestedAt }) => ({ kind: "issue", issue: toIssue(made), seen: toSeen([made]), requestedAt }));
}

/** Finds the comments of an issue with an operation's mark, oldest first. Two requests. */
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
