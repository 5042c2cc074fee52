import { parseRecord } from "../http/parse-body.ts";
import type { TimedList } from "../timed-list/timed-list.ts";
import { type GitlabClient, pageSize } from "./client.ts";
import { Issue } from "./schema.ts";

/** The issues of a project. Its links go on behind the last entry where the server has keyset paging, and count pages elsewhere. */
export function issueListOf(client: GitlabClient, project: string): TimedList<Issue> {
  return {
    pageSize,
    fetch: ({ list, since, etag }, signal) =>
      client.fetchIssues(project, { state: list === "open" ? "opened" : list, since }, signal, etag),
    follow: (link, signal) => client.fetchLinkedIssues(link, signal),
    parse: (record, nativeId) => parseRecord(Issue, record, () => nativeId),
    // GitLab keeps microseconds and shows milliseconds, cut off: asking from what it showed leaves nothing out.
    toSince: (ms) => new Date(ms).toISOString(),
  };
}

/** What was moved away stays behind as a closed issue; it lives on elsewhere. */
export function isMoved(issue: Issue): boolean {
  return issue.moved_to_id != null;
}
