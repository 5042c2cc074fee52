import { PanopticonError } from "../../../domain/error.ts";
import type { IssueAddress, LinkType, RelationChange } from "../../../domain/operation.ts";
import { fieldOf } from "../../http/parse-body.ts";
import type { Source } from "../../tracker.ts";
import { iidOf } from "../keys.ts";
import { toRelation } from "../map.ts";
import type { WriterParts } from "../parts.ts";
import { projectOf } from "../project-of.ts";

type Place = readonly [project: string, iid: string];

type Change = { readonly source: Source; readonly issue: IssueAddress; readonly relation: RelationChange };

const linkTypes: Readonly<Partial<Record<LinkType, string>>> = {
  blocks: "blocks",
  blocked_by: "is_blocked_by",
  relates: "relates_to",
};

/** Links two issues. GitLab allows one link per pair, of one type. https://docs.gitlab.com/api/issue_links/ */
export async function makeRelation(
  parts: WriterParts,
  [project, iid]: Place,
  { source, issue, relation }: Change,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { target, type } = relation;
  const linkType = linkTypeOf(type);
  const body = {
    target_project_id: target.sourceKey === source.key ? projectOf(source) : target.sourceKey,
    target_issue_iid: iidOf(target.key),
    link_type: linkType,
  };
  const response = await parts.writes.createLink(project, iid, body, signal).catch((error: unknown) => {
    throw isUnpaid(error, type) ? unpaid(error) : error;
  });
  parts.workItems.forget(issue.nativeId, target.nativeId);
  if (response.status !== 409) return;
  const present = await findLink(parts, [project, iid], target, signal);
  if (present?.type === type) return;
  throw new PanopticonError(
    "invalid_input",
    `GitLab allows one relation between two issues, and these already have one: ${present?.type ?? "another one"}.`,
    {
      tracker: "gitlab",
      hint: "Remove that one first.",
    },
  );
}

/** Removes a link, by its id or by its target. */
export async function endRelation(
  parts: WriterParts,
  [project, iid]: Place,
  { issue, relation }: Change,
  signal: AbortSignal | undefined,
): Promise<void> {
  linkTypeOf(relation.type);
  const known = relation.id ?? (await findLink(parts, [project, iid], relation.target, signal, relation.type))?.id;
  if (known === undefined) return;
  const response = await parts.writes.deleteLink(project, iid, known, signal);
  parts.workItems.forget(issue.nativeId, relation.target.nativeId);
  if (response.status !== 404) return;
  // 404 means either that the link is gone or that it may not be removed; it still exists in the second case.
  const present = await findLink(parts, [project, iid], relation.target, signal, relation.type);
  if (present === undefined) return;
  const words = fieldOf(response.body, "message");
  throw new PanopticonError(
    "forbidden",
    `GitLab did not remove the relation: ${typeof words === "string" ? words : "404"}.`,
    {
      tracker: "gitlab",
      hint: "The token's user needs the Planner role or higher in both projects.",
    },
  );
}

async function findLink(
  { client }: WriterParts,
  [project, iid]: Place,
  target: IssueAddress,
  signal: AbortSignal | undefined,
  type?: LinkType,
) {
  const links = (await client.fetchLinks(project, iid, signal)).map(toRelation);
  return links.find((link) => link.targetId === target.nativeId && (type === undefined || link.type === type));
}

/** Throws `unsupported` for relations that GitLab's API cannot create. */
function linkTypeOf(type: LinkType): string {
  const linkType = linkTypes[type];
  if (linkType !== undefined) return linkType;
  throw new PanopticonError("unsupported", `GitLab's API cannot create the relation "${type}" between issues.`, {
    tracker: "gitlab",
    hint: "Write `/duplicate` in a comment in GitLab.",
  });
}

/** The Enterprise Edition answers 403 without a license; the Community Edition does not know these types. */
function isUnpaid(error: unknown, type: LinkType): error is PanopticonError {
  if (type === "relates" || !(error instanceof PanopticonError)) return false;
  return /not available for current license|link_type does not have a valid value/i.test(error.message);
}

function unpaid({ message, request }: PanopticonError): PanopticonError {
  return new PanopticonError("unsupported", message, {
    tracker: "gitlab",
    hint: "Blocking relations need a paid GitLab plan. Relate the issues instead, or keep the relation in Panopticon.",
    request,
  });
}
