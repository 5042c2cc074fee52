import { type Account, canSee } from "../access.ts";
import { defaultStatus, isClosing } from "../edit-issue.ts";
import { type Epic, type Issue, type IssueType, issueTypes, type Project, type WorkStatus } from "../records.ts";
import { linkTypeOf, type Wire } from "../wire.ts";
import { globalId, statusId } from "./ids.ts";
import type { Age } from "./schema.ts";

/** `age`: the server's version, see `schemaOf`. */
type About = { readonly account: Account; readonly wire: Wire; readonly age: Age };

type PageArguments = { readonly first?: number; readonly after?: string };

const largestPage = 100;

/** A connection over a complete list; cursors are positions. */
export function toConnection<T>(items: readonly T[], { first, after }: PageArguments, toNode: (item: T) => object) {
  const start = after === undefined || after === null ? 0 : Number(Buffer.from(after, "base64url").toString());
  const end = start + Math.min(first ?? largestPage, largestPage);
  return {
    nodes: items.slice(start, end).map(toNode),
    pageInfo: { hasNextPage: end < items.length, endCursor: Buffer.from(String(end)).toString("base64url") },
  };
}

export function toProject(about: About, project: Project): object {
  return {
    id: globalId("Project", project.id),
    fullPath: project.path,
    workItems: ({ iids, ...page }: PageArguments & { readonly iids?: readonly string[] }) => {
      const issues =
        iids === undefined || iids === null
          ? project.byCreation.all.items.toReversed()
          : iids.flatMap((iid) => project.issues.get(Number(iid)) ?? []).sort((a, b) => b.id - a.id);
      return toConnection(issues, page, (issue) => toWorkItem(about, issue));
    },
    workItemTypes: (page: PageArguments) => toConnection(issueTypes, page, (type) => toType(project, type)),
  };
}

export function toWorkItem(about: About, issue: Issue): object {
  return {
    id: globalId("WorkItem", issue.id),
    iid: String(issue.iid),
    title: issue.title,
    state: issue.state === "opened" ? "OPEN" : "CLOSED",
    updatedAt: new Date(issue.updatedAt).toISOString(),
    closedAt: issue.closedAt === null ? null : new Date(issue.closedAt).toISOString(),
    webUrl: about.wire.issueUrl(issue),
    workItemType: () => toType(issue.project, issue.type),
    widgets: ({ onlyTypes }: { readonly onlyTypes?: readonly string[] | null }) =>
      widgetsOf(issue.project, issue.type)
        .filter((type) => onlyTypes?.includes(type) ?? true)
        .map((type) => toWidget(about, issue, type)),
  };
}

/** Epics are work items too, but read-only here. */
function toEpic({ wire }: About, epic: Epic): object {
  return {
    id: globalId("WorkItem", epic.id),
    iid: String(epic.iid),
    title: epic.title,
    state: "OPEN",
    updatedAt: new Date(epic.updatedAt).toISOString(),
    closedAt: null,
    webUrl: wire.epicUrl(epic),
    workItemType: { id: globalId("WorkItems::Type", issueTypes.length + 1), name: "Epic", widgetDefinitions: [] },
    widgets: [],
  };
}

const typeNames: Readonly<Record<IssueType, string>> = {
  issue: "Issue",
  incident: "Incident",
  test_case: "Test Case",
  task: "Task",
};

const everywhere = ["ASSIGNEES", "DESCRIPTION", "HIERARCHY", "LABELS", "LINKED_ITEMS", "MILESTONE", "NOTES"] as const;

/** The widgets of a type's issues, which depend on the type and the plan. */
function widgetsOf(project: Project, type: IssueType): readonly string[] {
  const isPlanned = type === "issue" || type === "task";
  const isPaid = project.iterations.length > 0;
  return [
    ...everywhere,
    ...(isPlanned ? ["START_AND_DUE_DATE"] : []),
    ...(isPaid && type !== "test_case" ? ["ITERATION"] : []),
    ...(isPlanned && isPaid ? ["WEIGHT"] : []),
    ...(isPlanned && project.statuses.length > 0 ? ["STATUS"] : []),
  ];
}

export function hasWidget(issue: Issue, widget: string): boolean {
  return widgetsOf(issue.project, issue.type).includes(widget);
}

function toType(project: Project, type: IssueType): object {
  return {
    id: globalId("WorkItems::Type", issueTypes.indexOf(type) + 1),
    name: typeNames[type],
    widgetDefinitions: () =>
      widgetsOf(project, type).map((widget) => {
        if (widget === "ASSIGNEES") {
          const allowsMultipleAssignees = project.iterations.length > 0;
          return {
            __typename: "WorkItemWidgetDefinitionAssignees",
            type: widget,
            allowsMultipleAssignees,
            canInviteMembers: false,
          };
        }
        if (widget !== "STATUS") return { __typename: "WorkItemWidgetDefinitionGeneric", type: widget };
        const usual = (state: Issue["state"]) => {
          const status = defaultStatus(project, type, state);
          return status === null ? null : toStatus(project, status);
        };
        return {
          __typename: "WorkItemWidgetDefinitionStatus",
          type: widget,
          allowedStatuses: project.statuses.map((status) => toStatus(project, status)),
          defaultOpenStatus: usual("opened"),
          defaultClosedStatus: usual("closed"),
        };
      }),
  };
}

function toStatus(project: Project, status: WorkStatus): object {
  return {
    id: statusId(status),
    name: status.name,
    color: status.color,
    category: status.category.toUpperCase(),
    // Open and closed statuses are numbered separately.
    position: project.statuses.filter((one) => isClosing(one) === isClosing(status)).indexOf(status),
  };
}

function toWidget(about: About, issue: Issue, type: string): object {
  switch (type) {
    case "HIERARCHY": {
      const parent = issue.parent !== null && canSee(about.account, issue.parent.project) ? issue.parent : null;
      const above = parent !== null ? () => toWorkItem(about, parent) : issue.epic && toEpic(about, issue.epic);
      return { __typename: "WorkItemWidgetHierarchy", type, parent: above };
    }
    case "ITERATION": {
      const iteration = issue.iteration === null ? null : { id: globalId("Iteration", issue.iteration.id) };
      return { __typename: "WorkItemWidgetIteration", type, iteration };
    }
    case "LINKED_ITEMS":
      return about.age === "15" ? { __typename: "WorkItemWidgetGeneric", type } : toLinkedItems(about, issue, type);
    case "STATUS": {
      const status = issue.status === null ? null : toStatus(issue.project, issue.status);
      return { __typename: "WorkItemWidgetStatus", type, status };
    }
    default:
      return { __typename: "WorkItemWidgetGeneric", type };
  }
}

function toLinkedItems(about: About, issue: Issue, type: string): object {
  const isOpen = (one: Issue) => one.state === "opened";
  const blockers = issue.links.filter((link) => linkTypeOf(link, issue) === "is_blocked_by" && isOpen(link.from));
  const blocked = issue.links.filter((link) => linkTypeOf(link, issue) === "blocks" && isOpen(link.to));
  const seen = issue.links.filter(({ from, to }) => canSee(about.account, (from === issue ? to : from).project));
  return {
    __typename: "WorkItemWidgetLinkedItems",
    type,
    blocked: blockers.length > 0,
    blockedByCount: blockers.length,
    blockingCount: blocked.length,
    linkedItems: (page: PageArguments) =>
      toConnection(seen.toReversed(), page, (link) => ({
        linkId: globalId("WorkItems::RelatedWorkItemLink", link.id),
        linkType: linkTypeOf(link, issue),
        workItem: () => toWorkItem(about, link.from === issue ? link.to : link.from),
      })),
  };
}
