import type { NamedIssue, NativeIssue, NativeRelation } from "../../../domain/issue.ts";
import { gitlabRefs } from "../refs.ts";
import { toStateId } from "../status-ids.ts";
import type { OtherItem, WorkItem } from "./schema.ts";

/** What REST does not tell about an issue. */
export type WorkItemFacts = {
  readonly parentId: string | null;
  /** null if the server does not tell, or if one response does not hold them all. */
  readonly relations: readonly NativeRelation[] | null;
  /** null if the issue's type has no statuses here. */
  readonly stateId: string | null;
  /** The names of the parent and the linked issues, if they were requested. */
  readonly named?: readonly NamedIssue[];
};

const linkTypes: ReadonlyMap<string, NativeRelation["type"]> = new Map(
  Object.entries<NativeRelation["type"]>({
    relates_to: "relates",
    blocks: "blocks",
    is_blocked_by: "blocked_by",
  }),
);

export function toFacts(item: WorkItem): WorkItemFacts {
  const widgets = item.widgets ?? [];
  const parent = widgets.find((widget) => widget.parent)?.parent;
  const linked = widgets.find((widget) => widget.linkedItems)?.linkedItems;
  const status = widgets.find((widget) => widget.status)?.status;
  return {
    parentId: parent ? numberIn(parent.id) : null,
    relations: linked && !linked.pageInfo.hasNextPage ? toRelations(linked.nodes) : null,
    stateId: status ? toStateId(status.id) : null,
    named: [parent, ...(linked?.nodes ?? []).map(({ workItem }) => workItem)].flatMap((one) =>
      one ? [toNamedIssue(one)] : [],
    ),
  };
}

function toNamedIssue({ id, iid, title, webUrl }: OtherItem): NamedIssue {
  const url = webUrl ?? "";
  return { id: numberIn(id), key: keyIn(url) ?? `#${iid}`, title, url };
}

/** `project!39`; `&4` for an epic of a group. */
function keyIn(url: string): string | null {
  const epic = /\/groups\/.+\/-\/(?:epics|work_items)\/(\d+)$/.exec(url)?.[1];
  if (epic !== undefined) return `&${epic}`;
  const read = gitlabRefs.parse(url);
  return read?.sourceKey ? `${read.sourceKey.split("/").at(-1)}${read.key}` : null;
}

type Linked = NonNullable<NonNullable<NonNullable<WorkItem["widgets"]>[number]["linkedItems"]>["nodes"]>;

/** null if there is an unknown type of link. Invisible issues are left out, as in REST. */
function toRelations(nodes: Linked): readonly NativeRelation[] | null {
  const relations: NativeRelation[] = [];
  for (const { linkId, linkType, workItem } of nodes) {
    const type = linkTypes.get(linkType.toLowerCase());
    if (type === undefined) return null;
    if (workItem) relations.push({ id: numberIn(linkId), type, targetId: numberIn(workItem.id) });
  }
  return relations;
}

/** The issue after its work item was changed; everything else stays as it was read. */
export function applyFacts(issue: NativeIssue, item: WorkItem): NativeIssue {
  const facts = toFacts(item);
  const isClosed = item.state.toLowerCase() === "closed";
  const updatedAt = Date.parse(item.updatedAt);
  const closedAt = Date.parse(item.closedAt ?? item.updatedAt);
  return {
    ...issue,
    parentId: facts.parentId,
    relations: facts.relations && [...facts.relations, ...duplicatesOf(issue)],
    stateId: facts.stateId ?? (isClosed ? "closed" : "opened"),
    updatedAt: Number.isNaN(updatedAt) ? issue.updatedAt : updatedAt,
    closedAt: !isClosed ? null : Number.isNaN(closedAt) ? issue.closedAt : closedAt,
  };
}

/** Duplicates are not links. */
function duplicatesOf({ relations }: NativeIssue): readonly NativeRelation[] {
  return (relations ?? []).filter(({ type }) => type === "duplicates");
}

/** `gid://gitlab/WorkItem/123` → `123`: the number is the issue's id. */
function numberIn(gid: string): string {
  return gid.slice(gid.lastIndexOf("/") + 1);
}
