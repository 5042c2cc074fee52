import { fieldOf, parseRecord } from "../http/parse-body.ts";
import type { TimedList } from "../timed-list/timed-list.ts";
import { type GithubClient, pageSize } from "./client.ts";
import { Issue } from "./schema.ts";

/** A repository's issues, paged by number, so the pages shift. */
export function issueListOf(client: GithubClient, repository: string): TimedList<Issue> {
  return {
    pageSize,
    fetch: ({ list, since, etag }, signal) => client.fetchIssues(repository, { state: list, since }, signal, etag),
    follow: (link, signal) => client.fetchLinkedIssues(link, signal),
    parse: (record, nativeId) =>
      // GitHub's list returns pull requests as issues, too.
      fieldOf(record, "pull_request") == null ? parseRecord(Issue, record, () => nativeId) : null,
    toSince,
  };
}

/** GitHub accepts whole seconds. */
export function toSince(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString().replace(".000Z", "Z");
}
