import { isPanopticonError } from "../../domain/error.ts";
import type { NativeIssue, NativeRelation } from "../../domain/issue.ts";
import { parseBody } from "../http/parse-body.ts";
import type { ReadResult, Source } from "../tracker.ts";
import type { GitlabClient } from "./client.ts";
import { iidOf } from "./keys.ts";
import { toIssue, toRelation, toSeen } from "./map.ts";
import type { GitlabParts } from "./parts.ts";
import { projectOf } from "./project-of.ts";
import { Issue } from "./schema.ts";

/**
 * Reads one issue and tells whether it still exists. A moved one stays behind, closed, and names its target. One that is missing in a readable project's list
 * was deleted, or is confidential and not visible to these credentials: GitLab does not distinguish these.
 */
export async function readIssue(
  parts: GitlabParts,
  source: Source,
  { nativeId, key }: Pick<NativeIssue, "nativeId" | "key">,
  signal: AbortSignal | undefined,
): Promise<ReadResult> {
  const { client, workItems, memory } = parts;
  const { status, record, requestedAt } = await client.fetchIssue(projectOf(source), iidOf(key), signal);
  if (status !== 200) return { kind: "forbidden" };
  if (record === undefined) return { kind: "gone" };
  const issue = parseBody(Issue, record, { tracker: "gitlab", what: "issue" });
  // Another project now has this path, which tells nothing about this issue.
  if (String(issue.id) !== nativeId) return { kind: "forbidden" };
  if (issue.moved_to_id != null) {
    return { kind: "moved", url: await client.findIssueUrl(issue.moved_to_id, signal) };
  }
  memory.learn(source, [issue]);
  const facts = (await workItems.factsOf([issue], { fresh: true, signal })).get(issue.id) ?? null;
  const links = facts?.relations ?? (await fetchLinks(client, projectOf(source), issue, signal));
  const relations = links && [...links, ...(await findOriginal(client, issue, signal))];
  return {
    kind: "issue",
    issue: { ...toIssue(issue, client.web, facts), relations },
    seen: toSeen([issue], [facts]),
    requestedAt,
  };
}

async function fetchLinks(
  client: GitlabClient,
  project: string,
  issue: Issue,
  signal: AbortSignal | undefined,
): Promise<readonly NativeRelation[] | null> {
  try {
    return (await client.fetchLinks(project, String(issue.iid), signal)).map(toRelation);
  } catch (error) {
    // Linked issues may be withheld from guests; the issue itself is still readable.
    if (isPanopticonError(error) && error.code === "forbidden") return null;
    throw error;
  }
}

/** The issue that this one was closed as a duplicate of. */
async function findOriginal(
  client: GitlabClient,
  issue: Issue,
  signal: AbortSignal | undefined,
): Promise<readonly NativeRelation[]> {
  const original = issue._links?.closed_as_duplicate_of;
  const id = original ? await client.findIssueId(original, signal) : null;
  return id === null ? [] : [{ id: `duplicate:${id}`, type: "duplicates", targetId: String(id) }];
}
