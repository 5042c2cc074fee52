import type { Grouping } from "../../../src/domain/grouping.ts";
import { isStatus, statusLabels } from "../../../src/domain/status.ts";
import { priorityLabels, parsePriority } from "../../../src/domain/priority.ts";
import type { IssueShape } from "../../../src/server/contract/issue.ts";

export const groupingLabels: Record<Grouping, string> = {
  status: "Status",
  project: "Project",
  tracker: "Tracker",
  assignee: "Assignee",
  priority: "Priority",
  cycle: "Cycle",
  state: "Native state",
};

/** The group of what has no value: the filter's own word. */
export const noGroup = "none";

/** The groups that an issue belongs to, by what the filter takes; several people make several. */
export function groupsOf(issue: IssueShape, grouping: Grouping): readonly string[] {
  switch (grouping) {
    case "status":
      return [issue.status];
    case "project":
      return [issue.project];
    case "tracker":
      return [issue.tracker];
    case "priority":
      return [priorityLabels[issue.priority].toLowerCase()];
    case "cycle":
      return [issue.cycle?.name ?? noGroup];
    case "state":
      return [issue.nativeState.name];
    case "assignee":
      return issue.assignees.length === 0 ? [noGroup] : issue.assignees.map(({ login }) => login);
  }
}

/** What a group is called where its name needs no data. */
export function plainGroupLabel(grouping: Grouping, group: string): string {
  if (grouping === "status" && isStatus(group)) return statusLabels[group];
  if (grouping === "priority") {
    const priority = parsePriority(group);
    return priority === undefined ? group : priority === 0 ? "No priority" : priorityLabels[priority];
  }
  if (group !== noGroup || grouping === "state") return group;
  return grouping === "assignee" ? "Unassigned" : "No cycle";
}
