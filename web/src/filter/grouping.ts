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

/** The group of issues without a value, as the filter spells it. */
export const noGroup = "none";

/** The groups an issue belongs to, as filter values; an issue with several assignees is in several. */
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

/** A group's display name, as far as it is known without data. */
export function plainGroupLabel(grouping: Grouping, group: string): string {
  if (grouping === "status" && isStatus(group)) return statusLabels[group];
  if (grouping === "priority") {
    const priority = parsePriority(group);
    return priority === undefined ? group : priority === 0 ? "No priority" : priorityLabels[priority];
  }
  if (group !== noGroup || grouping === "state") return group;
  return grouping === "assignee" ? "Unassigned" : "No cycle";
}
