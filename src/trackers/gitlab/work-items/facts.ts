import type { NamedIssue, NativeIssue, NativeRelation } from "../../../domain/issue.ts";
import { gitlabRefs } from "../refs.ts";
import { toStateId } from "../status-ids.ts";
import type { OtherItem, WorkItem } from "./schema.ts";

/** What REST does not tell of an issue. */
export type WorkItemFacts = {
  readonly parentId: string | null;
  /** null: the server does not tell, or there are more than one answer holds. */
  readonly relations: readonly NativeRelation[] | null;
  /** null: the issue's type has no statuses here. */
  readonly stateId: string | null;
  /** How the parent and the linked issues are called, where that was asked for. */
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

/** `project!39`; `&4` for what belongs to a group. */
function keyIn(url: string): string | null {
  const epic = /\/groups\/.+\/-\/(?:epics|work_items)\/(\d+)$/.exec(url)?.[1];
  if (epic !== undefined) return `&${epic}`;
  const read = gitlabRefs.parse(url);
  return read?.sourceKey ? `${read.sourceKey.split("/").at(-1)}${read.key}` : null;
}

type Linked = NonNullable<NonNullable<NonNullable<WorkItem["widgets"]>[number]["linkedItems"]>["nodes"]>;

/** null as soon as there is a kind of link that nobody knows here. What may not be seen is left out, as REST does. */
function toRelations(nodes: Linked): readonly NativeRelation[] | null {
  const relations: NativeRelation[] = [];
  for (const { linkId, linkType, workItem } of nodes) {
    const type = linkTypes.get(linkType.toLowerCase());
    if (type === undefined) return null;
    if (workItem) relations.push({ id: numberIn(linkId), type, targetId: numberIn(workItem.id) });
  }
  return relations;
}

/** An issue as it is after its work item was changed. Everything else is as it was read. */
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

/** What an issue duplicates is no link. */
function duplicatesOf({ relations }: NativeIssue): readonly NativeRelation[] {
  return (relations ?? []).filter(({ type }) => type === "duplicates");
}

/** `gid://gitlab/WorkItem/123` → `123`: the number is the issue's id. */
function numberIn(gid: string): string {
  return gid.slice(gid.lastIndexOf("/") + 1);
}
