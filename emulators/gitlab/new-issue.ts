import { defaultStatus } from "./edit-issue.ts";
import type { Issue, Project, User } from "./records.ts";
import type { GitLabState } from "./state.ts";

/** An open issue with the project's next number, not in any list yet. */
export function emptyIssue(state: GitLabState, project: Project, at: number, author: User): Issue {
  return {
    id: state.nextId(),
    project,
    iid: takeIid(project),
    title: "Untitled",
    description: null,
    author,
    labels: [],
    assignees: [],
    milestone: null,
    iteration: null,
    type: "issue",
    state: "opened",
    status: defaultStatus(project, "issue", "opened"),
    parent: null,
    epic: null,
    closedBy: null,
    updatedBy: null,
    createdAt: at,
    updatedAt: at,
    closedAt: null,
    dueDate: null,
    weight: null,
    noteCount: 0,
    notes: null,
    links: [],
    movedTo: null,
    duplicateOf: null,
    malformed: null,
  };
}

export function takeIid(project: Project): number {
  const iid = project.nextIid;
  project.nextIid += 1;
  return iid;
}
