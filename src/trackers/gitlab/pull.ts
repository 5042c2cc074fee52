import { pullTimedList } from "../timed-list/pull.ts";
import type { PullPage, PullRequest, Source } from "../tracker.ts";
import { isMoved, issueListOf } from "./issue-list.ts";
import { toIssue, toSeen } from "./map.ts";
import type { GitlabParts } from "./parts.ts";
import { projectOf } from "./project-of.ts";

/** Changes since the cursor. */
export function pullIssues(
  { client, workItems, memory }: GitlabParts,
  source: Source,
  request: PullRequest,
): AsyncGenerator<PullPage, void, undefined> {
  const project = projectOf(source);
  return pullTimedList({
    list: issueListOf(client, project),
    source,
    request,
    serverNow: client.serverNow,
    async readContent(page) {
      const here = page.issues.filter((issue) => !isMoved(issue));
      memory.learn(source, here);
      const facts = await workItems.factsOf(here, { fresh: false, signal: request.signal });
      return {
        changes: here.map((issue) => toIssue(issue, client.web, facts.get(issue.id) ?? null)),
        removed: page.issues.filter(isMoved).map((issue) => String(issue.id)),
        rejected: page.rejected,
        seen: toSeen(here, [...facts.values()]),
        requestedAt: page.answer.requestedAt,
      };
    },
    async count(closedSince, signal) {
      const inside = closedSince === null ? {} : { updated_after: closedSince };
      const [open, closed] = await Promise.all([
        client.countIssues(project, { state: "opened" }, signal),
        client.countIssues(project, { state: "closed", ...inside }, signal),
      ]);
      return open === null || closed === null ? null : open + closed;
    },
  });
}
