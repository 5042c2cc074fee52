import type { Issue, Team, User } from "./records.ts";

/** An empty issue with a number, in the team's default state: the first of the backlog. */
export function emptyIssue(
  team: Team,
  parts: { readonly id: string; readonly at: number; readonly creator: User },
): Issue {
  const first = team.states.find(({ type }) => type === "backlog") ?? team.states[0];
  if (first === undefined) throw new Error(`${team.key} has no states.`);
  return {
    id: parts.id,
    createdAt: parts.at,
    updatedAt: parts.at,
    team,
    number: takeNumber(team),
    title: "Untitled",
    description: null,
    state: first,
    labels: [],
    assignee: null,
    creator: parts.creator,
    externalUserCreator: null,
    botActor: null,
    priority: 0,
    estimate: null,
    dueDate: null,
    cycle: null,
    parent: null,
    children: [],
    relations: [],
    inverseRelations: [],
    startedAt: null,
    completedAt: null,
    canceledAt: null,
    archivedAt: null,
    trashed: null,
    previousIdentifiers: [],
    seededComments: 0,
    comments: [],
    attachments: [],
  };
}

/** Numbers are never reused; issues that move in from another team get one too. */
export function takeNumber(team: Team): number {
  const number = team.nextNumber;
  team.nextNumber += 1;
  return number;
}
