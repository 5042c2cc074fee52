import { areaFor } from "../seed/areas.ts";
import { type CatalogueEntry, referencesFrom, shareOf, sourcesOf } from "../seed/catalogue.ts";
import { colleagues } from "../seed/company.ts";
import { createRandom } from "../seed/random.ts";
import { makeStories } from "../seed/stories.ts";
import type { Stage, Story } from "../seed/story.ts";
import { dayMs } from "../seed/timeline.ts";
import type { Issue, IssueType, Link, LinkType, Named, Project, Sprint, Status, User } from "./records.ts";
import {
  operationsStatuses,
  operationsWorkflow,
  resolutionOfStage,
  simpleWorkflow,
  type StatusRow,
  usualStatuses,
} from "./seed-workflows.ts";
import { createIndex, createState, type Edition, findUser, type JiraState, loadIssues } from "./state.ts";

export type SeedOptions = {
  readonly issues: number;
  readonly seed: number;
  readonly closed: number;
  readonly sources: number;
  readonly edition: Edition;
  readonly baseUrl: string;
  readonly now: () => number;
};

const types: readonly IssueType[] = [
  { id: 10_000, name: "Epic", subtask: false, level: 1, description: "A large piece of work" },
  { id: 10_001, name: "Story", subtask: false, level: 0, description: "Something a user can do" },
  { id: 10_002, name: "Task", subtask: false, level: 0, description: "Something to be done" },
  { id: 10_003, name: "Sub-task", subtask: true, level: -1, description: "A part of a larger issue" },
  { id: 10_004, name: "Bug", subtask: false, level: 0, description: "Something that does not work" },
];

const named = (first: number, rows: readonly (readonly [string, string])[]): Named[] =>
  rows.map(([name, description], index) => ({ id: first + index, name, description }));

const priorities = named(1, [
  ["Highest", "Blocks progress."],
  ["High", "Serious, could block progress."],
  ["Medium", "Has the potential to affect progress."],
  ["Low", "Minor, or easily worked around."],
  ["Lowest", "Trivial, with little or no impact."],
]);

const resolutions = named(10_000, [
  ["Done", "Work has been completed."],
  ["Won't Do", "This will not be worked on."],
  ["Duplicate", "The problem is a duplicate of another one."],
  ["Cannot Reproduce", "All attempts to reproduce this failed."],
  ["Declined", "Decided against."],
]);

const linkTypes: readonly LinkType[] = [
  { id: 10_000, name: "Blocks", inward: "is blocked by", outward: "blocks" },
  { id: 10_001, name: "Cloners", inward: "is cloned by", outward: "clones" },
  { id: 10_002, name: "Duplicate", inward: "is duplicated by", outward: "duplicates" },
  { id: 10_003, name: "Relates", inward: "relates to", outward: "relates to" },
];

const sprintDays = 14;
/** Cloud's team-managed projects, and whether sprints are enabled. */
const teamManaged: ReadonlyMap<string, boolean> = new Map([
  ["MOB", true],
  ["EDI", false],
]);

/** Eight sprints: six past, the current and the next. */
const sprintCount = 8;

/** Seeds the company's Jira. The same seed and clock produce the same ids, texts and times. */
export function seedJira(options: SeedOptions): JiraState {
  const people = createRandom(`${options.seed}/jira/people`);
  const users = colleagues.map(({ login, name, email }, index): User => ({
    accountId: `712020:${people.uuid()}`,
    key: `JIRAUSER${10_100 + index}`,
    login,
    name,
    email,
  }));
  const rows = new Map<string, Status>();
  for (const [name, category] of [...usualStatuses, ...operationsStatuses]) {
    // A status name is unique in the whole instance; the first category counts.
    if (!rows.has(name)) rows.set(name, { id: 10_000 + rows.size, name, category });
  }
  const state = createState({
    edition: options.edition,
    baseUrl: options.baseUrl,
    cloudId: people.uuid(),
    users,
    statuses: [...rows.values()],
    types,
    priorities,
    resolutions,
    linkTypes,
    now: options.now,
  });
  sourcesOf("jira", options.sources).forEach((entry, position) => {
    state.projects.push(seedProject(state, entry, position, options));
  });
  return state;
}

function seedProject(state: JiraState, entry: CatalogueEntry, position: number, options: SeedOptions): Project {
  const now = options.now();
  const area = areaFor(entry.area);
  const rows: readonly StatusRow[] = entry.area === "ops" ? operationsStatuses : usualStatuses;
  const statuses = rows.flatMap(([name]) => state.statuses.filter((status) => status.name === name));
  const byStage = new Map<Stage, Status>();
  rows.forEach(([name, , stages]) => {
    const own = statuses.find((status) => status.name === name);
    for (const stage of stages) if (own) byStage.set(stage, own);
  });
  const boardId = 1 + position;
  const hasSprints = options.edition === "data-center" || teamManaged.get(entry.key) !== false;
  const project: Project = {
    id: 10_000 + position,
    key: entry.key,
    formerKeys: [],
    name: entry.name,
    area: entry.area,
    workflow: entry.area === "ops" ? operationsWorkflow(statuses) : simpleWorkflow(statuses),
    isTeamManaged: options.edition === "cloud" && teamManaged.has(entry.key),
    boardId,
    sprints: hasSprints ? makeSprints(entry.key, boardId, now) : [],
    createdAt: now - 950 * dayMs,
    isHidden: false,
    issues: new Map(),
    index: createIndex(options.edition),
    nextNumber: 1,
  };
  const key = `${options.seed}/jira/${entry.key}`;
  const stories = makeStories({
    key,
    area,
    count: shareOf(options.issues, options.sources, position),
    closed: options.closed,
    now,
    drawReference: referencesFrom("jira", Math.floor(options.issues / options.sources)),
  });
  const roots = new Set(
    stories.flatMap(({ parent }) => (parent !== null && stories[parent]?.parent === null ? [parent] : [])),
  );
  const issues = stories.map((story, index) =>
    toIssue(state, project, story, { index, position, byStage, isEpic: roots.has(index) && story.kind === "feature" }),
  );
  stories.forEach((story, index) => relate(state, issues, story, index, position));
  loadIssues(state, project, issues);
  return project;
}

function makeSprints(key: string, boardId: number, now: number): Sprint[] {
  const midnight = Math.floor(now / dayMs) * dayMs;
  return Array.from({ length: sprintCount }, (_, index): Sprint => {
    const startAt = midnight + (index - sprintCount + 2) * sprintDays * dayMs - 5 * dayMs;
    const state = index < sprintCount - 2 ? "closed" : index === sprintCount - 2 ? "active" : "future";
    return {
      id: boardId * 100 + index,
      boardId,
      name: `${key} Sprint ${31 + index}`,
      goal: index % 2 === 0 ? "" : "Fewer tickets about late trucks, name=what we promised",
      state,
      startAt,
      endAt: startAt + sprintDays * dayMs,
    };
  });
}

function toIssue(
  state: JiraState,
  project: Project,
  story: Story,
  about: {
    readonly index: number;
    readonly position: number;
    readonly byStage: ReadonlyMap<Stage, Status>;
    readonly isEpic: boolean;
  },
): Issue {
  const status = about.byStage.get(story.stage);
  if (status === undefined) throw new Error(`${project.key} has no status for ${story.stage}.`);
  const typeName = about.isEpic ? "Epic" : story.kind === "bug" ? "Bug" : story.kind === "feature" ? "Story" : "Task";
  const [first] = story.assignees;
  const { closedAt } = story;
  const resolution = resolutionOf(state, story, about.index);
  return {
    id: 20_000 + about.position * 1_000_000 + about.index * 7,
    project,
    number: about.index + 1,
    type: typeOf(state, typeName),
    summary: story.title,
    typed: story.body,
    document: null,
    status,
    resolution,
    priority: state.priorities[story.priority === 0 ? 2 : story.priority - 1] ?? null,
    labels: labelsOf(story, about.index),
    assignee: first === undefined ? null : userOf(state, first),
    creator: userOf(state, story.author),
    parent: null,
    children: [],
    links: [],
    sprints: sprintsFor(project, story),
    points: about.isEpic ? null : story.estimate,
    dueDate: story.dueDate,
    createdAt: story.createdAt,
    updatedAt: story.updatedAt,
    resolvedAt: closedAt,
    categoryChangedAt: closedAt ?? story.createdAt,
    formerKeys: [],
    attachments: [],
    seededComments: story.comments,
    comments: null,
    wiki: null,
    custom: new Map(),
    properties: new Map(),
  };
}

function resolutionOf(state: JiraState, story: Story, index: number): Named | null {
  const isLost = story.stage === "canceled" && story.kind === "bug" && index % 2 === 0;
  const name = isLost ? "Cannot Reproduce" : resolutionOfStage[story.stage];
  return state.resolutions.find((one) => one.name === name) ?? null;
}

/** A closed issue was in the sprint it was closed in; some current ones were in the previous one too. */
function sprintsFor(project: Project, story: Story): Sprint[] {
  const { sprints } = project;
  const pick = (index: number) => sprints.slice(index, index + 1);
  if (story.cycle === null) return [];
  if (story.cycle === "next") return pick(sprintCount - 1);
  if (story.cycle === "current")
    return [...(story.priority === 1 ? pick(sprintCount - 3) : []), ...pick(sprintCount - 2)];
  const closedAt = story.closedAt ?? 0;
  return sprints.filter(({ startAt, endAt, state }) => state === "closed" && startAt <= closedAt && closedAt < endAt);
}

/** Labels are single words in Jira. */
function labelsOf(story: Story, index: number): string[] {
  const names = index % 3 === 2 ? [] : [story.component.toLowerCase().replace(/\s+/g, "-")];
  if (index % 9 === 4) names.push("customer");
  if (story.kind === "bug" && index % 7 === 3) names.push("regression");
  if (story.kind === "chore" && index % 5 === 2) names.push("tech-debt");
  if (index % 11 === 6) names.push("needs-design");
  return names;
}

function relate(state: JiraState, issues: readonly Issue[], story: Story, index: number, position: number): void {
  const issue = issues[index];
  if (issue === undefined) return;
  const parent = story.parent === null ? undefined : issues[story.parent];
  if (parent && parent !== issue && parent.parent === null && issue.type.level === 0) {
    issue.parent = parent;
    parent.children.push(issue);
    if (parent.type.level === 0) {
      issue.type = typeOf(state, "Sub-task");
      issue.points = null;
    }
  }
  let links = 0;
  const join = (from: Issue | undefined, to: Issue | undefined, name: string) => {
    const type = state.linkTypes.find((one) => one.name === name);
    if (from === undefined || to === undefined || type === undefined || from === to) return;
    const link: Link = { id: 30_000 + position * 1_000_000 + index * 10 + links, type, from, to };
    links += 1;
    from.links.push(link);
    to.links.push(link);
  };
  for (const other of story.blockedBy) join(issues[other], issue, "Blocks");
  for (const other of story.relatesTo) join(issue, issues[other], index % 4 === 0 ? "Cloners" : "Relates");
  if (story.duplicateOf !== null) join(issue, issues[story.duplicateOf], "Duplicate");
}

export function typeOf(state: JiraState, name: string): IssueType {
  const type = state.types.find((one) => one.name === name);
  if (type === undefined) throw new Error(`There is no issue type ${name}.`);
  return type;
}

function userOf(state: JiraState, login: string): User {
  const user = findUser(state, login);
  if (user === undefined) throw new Error(`There is no user ${login}.`);
  return user;
}
