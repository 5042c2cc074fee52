import { parseBody } from "../http/parse-body.ts";
import { findFileHost } from "../http/open-file.ts";
import { findLinkedFiles } from "../linked-files.ts";
import type { ReadResult, Source } from "../tracker.ts";
import type { LinearClient } from "./client.ts";
import { linearHttp } from "./http-policy.ts";
import { toAttachment, toIssue, toRelations, toSeen } from "./map.ts";
import { idOf } from "./pull.ts";
import { allRelations } from "./issue-selection.ts";
import { IssueWithTeam } from "./schema.ts";
import { teamFilter } from "./team.ts";

export type FoundIssue = Extract<ReadResult, { kind: "issue" }>;

/**
 * Reads one issue and tells whether it still exists. Linear answers the same for deleted and for invisible issues, so the team is requested, too: if the team
 * is readable, an absent issue is gone.
 */
export async function readIssue(
  client: LinearClient,
  server: string,
  source: Source,
  nativeId: string,
  signal: AbortSignal | undefined,
): Promise<ReadResult> {
  const { data, requestedAt } = await client.fetchIssue(
    { team: teamFilter(source), filter: { id: { eq: nativeId } } },
    signal,
  );
  const team = idOf(data.teams.nodes[0]);
  const raw = data.issues.nodes[0];
  if (raw === undefined) return { kind: team === null ? "forbidden" : "gone" };
  const issue = parseIssue(raw);
  if (issue.trashed) return { kind: "gone" };
  if (issue.team.id !== team) return { kind: "moved", url: issue.url };
  const nodes = await client.fetchAttachments(issue, signal);
  const found = toFound({ ...issue, attachments: { nodes, pageInfo: { hasNextPage: false } } }, server, requestedAt);
  if (found.issue.relations !== null) return found;
  const relations = (await client.fetchRelations([issue.id], signal)).get(issue.id);
  return relations === undefined ? found : { ...found, issue: { ...found.issue, relations: toRelations(relations) } };
}

/** The issue returned by a mutation, whatever team it is in. Throws `invalid_response`. */
export function toFoundIssue(raw: unknown, server: string, requestedAt: number): FoundIssue {
  return toFound(parseIssue(raw), server, requestedAt);
}

function parseIssue(raw: unknown): IssueWithTeam {
  return parseBody(IssueWithTeam, raw, { tracker: "linear", what: "Issue" });
}

function toFound(issue: IssueWithTeam, server: string, requestedAt: number): FoundIssue {
  const { relations, inverseRelations } = issue;
  const isCut = relations.nodes.length >= allRelations || inverseRelations.nodes.length >= allRelations;
  const uploads = findLinkedFiles(
    issue.description ?? "",
    (url) => findFileHost(linearHttp.fileHosts({ server }), url)?.login === true,
  );
  const listed = new Map([...uploads, ...issue.attachments.nodes.map(toAttachment)].map((file) => [file.url, file]));
  return {
    kind: "issue",
    // Unknown if there may be more; the mirror then keeps what it has.
    issue: {
      ...toIssue(issue),
      relations: isCut ? null : toRelations(issue),
      attachments: issue.attachments.pageInfo.hasNextPage ? null : [...listed.values()],
    },
    seen: toSeen([issue]),
    requestedAt,
  };
}
