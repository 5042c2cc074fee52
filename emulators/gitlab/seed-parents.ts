import { dayMs } from "../seed/timeline.ts";
import type { Epic, Issue, Project } from "./records.ts";
import type { GitLabState } from "./state.ts";

const epicTitles: readonly string[] = ["Invoices without paper", "Carriers paid within a day"];

/** Makes most tasks children of the issue before them, and some issues children of the group's epics, on plans that have those. */
export function seedParents(state: GitLabState, project: Project, issues: readonly Issue[]): void {
  const isPaid = project.iterations.length > 0;
  const epics = isPaid ? epicTitles.map((title, index) => toEpic(state, title, index)) : [];
  issues.forEach((issue, index) => {
    issue.parent = parentFor(issues, issue, index);
    issue.epic = issue.type === "issue" && index % 5 === 2 ? (epics[index % 2] ?? null) : null;
  });
}

function parentFor(issues: readonly Issue[], { type }: Issue, index: number): Issue | null {
  return type === "task" && index % 3 !== 0
    ? (issues.slice(0, index).findLast((issue) => issue.type === "issue") ?? null)
    : null;
}

function toEpic(state: GitLabState, title: string, index: number): Epic {
  const updatedAt = state.now() - (index + 2) * dayMs;
  return { id: 93_400_000 + index * 19, iid: index + 4, group: state.group.path, title, updatedAt };
}
