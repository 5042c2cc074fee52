import type { Issue, IssueType, Project, User } from "./records.ts";
import type { JiraState } from "./state.ts";

/** A new issue as Jira creates it: in the workflow's first status, of medium priority, with the project's next number. */
export function newIssue(state: JiraState, project: Project, type: IssueType, creator: User, at: number): Issue {
  const [status] = project.workflow.statuses;
  if (status === undefined) throw new Error(`${project.key} has no statuses.`);
  const number = takeNumber(project);
  return {
    id: state.nextId(),
    project,
    number,
    type,
    summary: "Untitled",
    typed: "",
    document: null,
    wiki: null,
    status,
    resolution: null,
    priority: state.priorities[2] ?? null,
    labels: [],
    assignee: null,
    creator,
    parent: null,
    children: [],
    links: [],
    sprints: [],
    points: null,
    dueDate: null,
    createdAt: at,
    updatedAt: at,
    resolvedAt: null,
    categoryChangedAt: at,
    formerKeys: [],
    attachments: [],
    seededComments: 0,
    comments: [],
    custom: new Map(),
    properties: new Map(),
  };
}

export function takeNumber(project: Project): number {
  const number = project.nextNumber;
  project.nextNumber += 1;
  return number;
}
