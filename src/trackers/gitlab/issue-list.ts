import { parseRecord } from "../http/parse-body.ts";
import type { TimedList } from "../timed-list/timed-list.ts";
import { type GitlabClient, pageSize } from "./client.ts";
import { Issue } from "./schema.ts";

/** A project's issues. Its links continue after the last entry if the server supports keyset paging, and are page numbers otherwise. */
export function issueListOf(client: GitlabClient, project: string): TimedList<Issue> {
  return {
    pageSize,
    fetch: ({ list, since, etag }, signal) =>
      client.fetchIssues(project, { state: list === "open" ? "opened" : list, since }, signal, etag),
    follow: (link, signal) => client.fetchLinkedIssues(link, signal),
    parse: (record, nativeId) => parseRecord(Issue, record, () => nativeId),
    // GitLab stores microseconds and shows truncated milliseconds, so a request from a shown time misses nothing.
    toSince: (ms) => new Date(ms).toISOString(),
  };
}

/** A moved issue stays behind as a closed one. */
export function isMoved(issue: Issue): boolean {
  return issue.moved_to_id != null;
}
