import { isPanopticonError } from "../../../domain/error.ts";
import type { IssueAddress, RelationChange } from "../../../domain/operation.ts";
import type { LinearClient } from "../client.ts";
import { toRelations } from "../map.ts";
import type { LinearWriteClient } from "./write-client.ts";

const inward: Readonly<Record<RelationChange["type"], string>> = {
  blocks: "blocks",
  blocked_by: "blocks",
  relates: "related",
  duplicates: "duplicate",
};

/**
 * Creates a relation unless it exists. Linear's relations are directed: the blocking issue and the duplicate come first. Linear itself moves a duplicate to its
 * duplicate state.
 */
export async function relate(
  clients: { readonly read: LinearClient; readonly write: LinearWriteClient },
  issue: IssueAddress,
  relation: RelationChange,
  signal: AbortSignal | undefined,
): Promise<void> {
  if ((await findRelation(clients.read, issue, relation, signal)) !== undefined) return;
  const [from, to] = relation.type === "blocked_by" ? [relation.target, issue] : [issue, relation.target];
  const input = { issueId: from.nativeId, relatedIssueId: to.nativeId, type: inward[relation.type] };
  await clients.write.createRelation(input, signal);
}

export async function unrelate(
  clients: { readonly read: LinearClient; readonly write: LinearWriteClient },
  issue: IssueAddress,
  relation: RelationChange,
  signal: AbortSignal | undefined,
): Promise<void> {
  const id = relation.id ?? (await findRelation(clients.read, issue, relation, signal));
  if (id === undefined) return;
  try {
    await clients.write.deleteRelation(id, signal);
  } catch (error) {
    if (!isPanopticonError(error) || error.code !== "not_found") throw error;
  }
}

async function findRelation(
  client: LinearClient,
  issue: IssueAddress,
  relation: RelationChange,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const found = (await client.fetchRelations([issue.nativeId], signal)).get(issue.nativeId);
  if (found === undefined) return undefined;
  return toRelations(found).find(
    ({ type, targetId }) => type === relation.type && targetId === relation.target.nativeId,
  )?.id;
}
