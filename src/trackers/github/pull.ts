import type { NamedIssue, NativeIssue, NativeRelation } from "../../domain/issue.ts";
import { overlapMs, pullTimedList } from "../timed-list/pull.ts";
import type { PullPage, PullRequest, Source } from "../tracker.ts";
import type { GithubClient } from "./client.ts";
import { issueListOf } from "./issue-list.ts";
import { toIssue, toNamedIssue, toSeen } from "./map.ts";
import type { Issue } from "./schema.ts";

/** The maximum number of blocked issues whose blockers are fetched in one run; `read` fetches the others. */
const maxDependencyReads = 10;

/** Changes since the cursor. A 304 costs nothing of the hourly budget. */
export function pullIssues(
  client: GithubClient,
  source: Source,
  request: PullRequest,
): AsyncGenerator<PullPage, void, undefined> {
  let dependencyReads = 0;
  return pullTimedList({
    list: issueListOf(client, source.key),
    source,
    request,
    serverNow: client.serverNow,
    async readContent(page, changedSince) {
      const changes: NativeIssue[] = [];
      const named: NamedIssue[] = [];
      for (const issue of page.issues) {
        if (isNewlyBlocked(issue, changedSince) && dependencyReads < maxDependencyReads) {
          dependencyReads += 1;
          const related = await fetchRelations(client, source, issue, request.signal);
          changes.push({ ...toIssue(issue), relations: related.relations });
          named.push(...related.named);
        } else changes.push(toIssue(issue));
      }
      return {
        changes,
        removed: [],
        rejected: page.rejected,
        seen: { ...toSeen(page.issues), named },
        requestedAt: page.answer.requestedAt,
      };
    },
    // Uses GitHub's search, which may be down or out of budget.
    async count(closedSince, signal) {
      const issues = `repo:${source.key} is:issue`;
      const open = await client.countIssues(`${issues} is:open`, signal);
      const inside = closedSince === null ? "" : ` updated:>=${closedSince}`;
      return open + (await client.countIssues(`${issues} is:closed${inside}`, signal));
    },
  });
}

/**
 * Whether an issue has open blockers and changed after what the last run saw; issues repeated by the overlap are not fetched again. Takes one request each; an
 * issue that also blocks others would take two, and is left to `read`.
 */
function isNewlyBlocked(issue: Issue, changedSince: string | null): boolean {
  const summary = issue.issue_dependencies_summary;
  if (changedSince === null || !summary) return false;
  if (summary.blocked_by === 0 || (summary.total_blocking ?? summary.blocking) > 0) return false;
  return issue.updated_at >= Date.parse(changedSince) + overlapMs;
}

/** The issues that an issue waits for and blocks, with their names; sends requests only if the summary says there are any. */
export async function fetchRelations(
  client: GithubClient,
  source: Source,
  issue: Issue,
  signal: AbortSignal | undefined,
): Promise<{ readonly relations: readonly NativeRelation[] | null; readonly named: readonly NamedIssue[] }> {
  const summary = issue.issue_dependencies_summary;
  if (!summary) return { relations: null, named: [] };
  const relations: NativeRelation[] = [];
  const named: NamedIssue[] = [];
  const counts = {
    blocked_by: summary.total_blocked_by ?? summary.blocked_by,
    blocking: summary.total_blocking ?? summary.blocking,
  };
  for (const kind of ["blocked_by", "blocking"] as const) {
    if (counts[kind] === 0) continue;
    for (const other of await client.fetchDependencies(source.key, String(issue.number), kind, signal)) {
      const targetId = String(other.id);
      named.push(toNamedIssue(other));
      relations.push({ id: `${kind}:${targetId}`, type: kind === "blocking" ? "blocks" : kind, targetId });
    }
  }
  return { relations, named };
}
