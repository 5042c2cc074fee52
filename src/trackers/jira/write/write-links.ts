import { PanopticonError } from "../../../domain/error.ts";
import type { IssueAddress, RelationChange } from "../../../domain/operation.ts";
import { beforehand } from "../../beforehand.ts";
import type { JiraClient } from "../client.ts";
import { findLinkType, type IssueLinkType, linkKindOf } from "../link-types.ts";
import { IssueWithLinks, type IssueLink, LinkTypes } from "../schema.ts";

/** Creates and removes links between issues. */
export type JiraLinks = {
  relate(issue: IssueAddress, relation: RelationChange, signal?: AbortSignal): Promise<void>;
  unrelate(issue: IssueAddress, relation: RelationChange, signal?: AbortSignal): Promise<void>;
};

export function createLinks(client: JiraClient): JiraLinks {
  let known: readonly IssueLinkType[] | undefined;

  async function typeFor(relation: RelationChange, signal: AbortSignal | undefined): Promise<IssueLinkType> {
    let type = findLinkType(known ?? [], relation.type);
    if (type === undefined) {
      const response = await client.get("/issueLinkType", {}, signal, [404]);
      // Linking can be disabled.
      known = response.status === 404 ? [] : client.parse(LinkTypes, response, "issueLinkType").issueLinkTypes;
      type = findLinkType(known, relation.type);
    }
    if (type !== undefined) return type;
    const names = (known ?? []).map(({ name }) => name).join(", ");
    throw new PanopticonError("unsupported", `This Jira has no link type for "${relation.type}".`, {
      tracker: "jira",
      hint: names === "" ? "Issue linking is disabled there." : `Its links: ${names}.`,
    });
  }

  async function linksOf(issue: IssueAddress, signal: AbortSignal | undefined): Promise<readonly IssueLink[]> {
    const path = `/issue/${encodeURIComponent(issue.nativeId)}`;
    const response = await client.get(path, { fields: "issuelinks" }, signal);
    return client.parse(IssueWithLinks, response, "issue").fields.issuelinks ?? [];
  }

  async function findLink(
    issue: IssueAddress,
    relation: RelationChange,
    signal: AbortSignal | undefined,
  ): Promise<IssueLink | undefined> {
    return (await linksOf(issue, signal)).find((link) => isLink(link, relation));
  }

  return {
    async relate(issue, relation, signal) {
      const type = await beforehand(async () => {
        // Jira accepts a duplicate link, but not the inverse of one that means the same.
        const isThere = relation.type === "relates" && (await findLink(issue, relation, signal)) !== undefined;
        return isThere ? null : typeFor(relation, signal);
      });
      if (type === null) return;
      const [from, to] = relation.type === "blocked_by" ? [relation.target, issue] : [issue, relation.target];
      // The link leads from the inward issue, which blocks, to the outward one, whatever the names suggest:
      // https://github.com/mozilla/jira-bugzilla-integration/pull/1285
      const body = {
        type: type.id == null ? { name: type.name } : { id: type.id },
        inwardIssue: { id: from.nativeId },
        outwardIssue: { id: to.nativeId },
      };
      await client.send("POST", "/issueLink", { body, signal });
      for (const { nativeId } of [from, to]) client.ownWrites.remember(nativeId);
    },

    async unrelate(issue, relation, signal) {
      const id = relation.id ?? (await beforehand(() => findLink(issue, relation, signal)))?.id;
      if (id === undefined) return;
      const response = await client.send("DELETE", `/issueLink/${encodeURIComponent(id)}`, { accept: [404], signal });
      for (const { nativeId } of [issue, relation.target]) client.ownWrites.remember(nativeId);
      if (response.status !== 404) return;
      // 404 can also mean that the link may not be removed.
      if ((await linksOf(issue, signal)).some((link) => link.id === id)) {
        throw new PanopticonError("forbidden", `Jira does not let this account remove the link of ${issue.key}.`, {
          tracker: "jira",
          hint: "It lacks the permission to link issues in the project.",
        });
      }
    },
  };
}

function isLink({ type, inwardIssue, outwardIssue }: IssueLink, { type: wanted, target }: RelationChange): boolean {
  const kind = linkKindOf(type);
  const leadsTo = outwardIssue?.id === target.nativeId;
  const comesFrom = inwardIssue?.id === target.nativeId;
  switch (wanted) {
    case "blocks":
      return kind === "blocks" && leadsTo;
    case "blocked_by":
      return kind === "blocks" && comesFrom;
    case "duplicates":
      return kind === "duplicates" && leadsTo;
    default:
      return kind === "relates" && (leadsTo || comesFrom);
  }
}
