import { areaFor } from "../seed/areas.ts";
import { type CatalogueEntry, referencesFrom, shareOf, sourcesOf } from "../seed/catalogue.ts";
import { colleagues } from "../seed/company.ts";
import { makeStories } from "../seed/stories.ts";
import { isClosed, type Story } from "../seed/story.ts";
import { dayMs } from "../seed/timeline.ts";
import { defaultStatus } from "./edit-issue.ts";
import type { Issue, Iteration, IssueType, Label, Milestone, Project, User, WorkStatus } from "./records.ts";
import { seedParents } from "./seed-parents.ts";
import { createIndexes, createState, type GitLabState, labelOf, linkIssues, loadIssues, userOf } from "./state.ts";
import { seedUploads } from "./uploads.ts";

export type SeedOptions = {
  readonly issues: number;
  readonly seed: number;
  readonly closed: number;
  readonly sources: number;
  readonly hasStatuses: boolean;
  readonly isFree: boolean;
  readonly now: () => number;
};

type LabelRow = readonly [name: string, color: string, description: string | null];

/** The group's labels for workflow and priority, at most one of each per issue. */
const groupLabels: readonly LabelRow[] = [
  ["workflow::planning", "#c5def5", "Being specified"],
  ["workflow::in progress", "#f0ad4e", "Somebody is on it"],
  ["workflow::in review", "#5843ad", "A merge request is open"],
  ["priority::1", "#cc0033", "Drop everything"],
  ["priority::2", "#dc143c", "This week"],
  ["priority::3", "#ed9121", "This iteration"],
  ["priority::4", "#009966", "Some day"],
  ["type::bug", "#d9534f", null],
  ["type::feature", "#428bca", null],
  ["type::maintenance", "#7f8c8d", null],
];

const projectLabels: readonly LabelRow[] = [
  ["duplicate", "#7f8c8d", null],
  ["canceled", "#7f8c8d", "Will not be done"],
  ["customer", "#8e44ad", "Asked for by a customer"],
  ["severity::1", "#d9534f", "Production is down"],
];

/** Two custom statuses of the group among GitLab's own. */
const statuses: readonly (readonly [name: string, category: WorkStatus["category"], color: string])[] = [
  ["New", "triage", "#995715"],
  ["To do", "to_do", "#737278"],
  ["In progress", "in_progress", "#1f75cb"],
  ["In review", "in_progress", "#6e49cb"],
  ["Done", "done", "#108548"],
  ["Won't do", "canceled", "#dd2b0e"],
  ["Duplicate", "canceled", "#dd2b0e"],
];

const milestoneDays = 42;
const milestoneCount = 8;
const iterationDays = 14;
const iterationCount = 10;

const facts: Readonly<Record<string, { description: string; visibility: Project["visibility"]; iterations: boolean }>> =
  {
    "harborline/platform/billing": {
      description: "Invoices, carrier pay and the ledger",
      visibility: "private",
      iterations: true,
    },
    "harborline/platform/edge": {
      description: "Gateways and their rollout",
      visibility: "internal",
      iterations: false,
    },
  };

/** Seeds the company's GitLab. The same seed and clock produce the same ids, texts and times. */
export function seedGitLab(options: SeedOptions): GitLabState {
  const users = colleagues.map(({ login, name, email }, index): User => ({
    id: 3_200 + index * 7,
    login,
    name,
    email,
  }));
  const state = createState({
    group: { id: 870, path: "harborline", name: "Harborline" },
    users,
    now: options.now,
  });
  const shared = groupLabels.map((row) => toLabel(state, row, true));
  sourcesOf("gitlab", options.sources).forEach((entry, position) => {
    state.projects.push(seedProject(state, entry, position, shared, options));
  });
  return state;
}

function toLabel(state: GitLabState, [name, color, description]: LabelRow, isGroupLabel: boolean): Label {
  return { id: state.nextId(), name, color, description, isGroupLabel };
}

function toStatus([name, category, color]: (typeof statuses)[number], index: number): WorkStatus {
  return { kind: "Custom", id: 710 + index, name, category, color };
}

function seedProject(
  state: GitLabState,
  entry: CatalogueEntry,
  position: number,
  shared: readonly Label[],
  options: SeedOptions,
): Project {
  const now = state.now();
  const area = areaFor(entry.area);
  const fact = facts[entry.key];
  const project: Project = {
    id: 40_100 + position * 311,
    path: entry.key,
    description: fact?.description ?? "",
    visibility: fact?.visibility ?? "private",
    area: entry.area,
    createdAt: now - 950 * dayMs,
    isHidden: false,
    isArchived: false,
    statuses:
      options.hasStatuses && fact?.iterations === true ? statuses.map((row, index) => toStatus(row, index)) : [],
    labels: [
      ...shared,
      ...projectLabels.map((row) => toLabel(state, row, false)),
      ...area.components.map((component) => toLabel(state, [component, "#6699cc", null], false)),
    ],
    milestones: Array.from({ length: milestoneCount }, (_, index) => toMilestone(state, index, now)),
    iterations:
      fact?.iterations && !options.isFree
        ? Array.from({ length: iterationCount }, (_, index) => toIteration(state, index, now))
        : [],
    issues: new Map(),
    git: null,
    mergeRequests: [],
    byUpdate: createIndexes("update"),
    byCreation: createIndexes("creation"),
    uploads: new Map(),
    nextIid: 1,
  };
  const stories = makeStories({
    key: `${options.seed}/gitlab/${entry.key}`,
    area,
    count: shareOf(options.issues, options.sources, position),
    closed: options.closed,
    now,
    drawReference: referencesFrom("gitlab", Math.floor(options.issues / options.sources)),
  });
  const issues = stories.map((story, index) => toIssue(state, project, story, index));
  seedParents(state, project, issues);
  stories.forEach((story, index) => relate(state, issues, story, index, options.isFree));
  loadIssues(state, project, issues);
  seedUploads(project);
  return project;
}

function toMilestone(state: GitLabState, index: number, now: number): Milestone {
  const dueAt = now + (index - milestoneCount + 2) * milestoneDays * dayMs;
  return {
    id: state.nextId(),
    iid: index + 1,
    title: `17.${index + 1}`,
    description: null,
    createdAt: dueAt - 2 * milestoneDays * dayMs,
    startDate: toDay(dueAt - milestoneDays * dayMs),
    dueDate: toDay(dueAt),
    isClosed: dueAt < now,
  };
}

/** The last iteration but one is current; the cadence creates them, so they have no titles. */
function toIteration(state: GitLabState, index: number, now: number): Iteration {
  const startAt = now + (index - iterationCount + 2) * iterationDays * dayMs - 3 * dayMs;
  return {
    id: state.nextId(),
    iid: index + 1,
    createdAt: startAt - 60 * dayMs,
    startDate: toDay(startAt),
    dueDate: toDay(startAt + (iterationDays - 1) * dayMs),
    state: index === iterationCount - 1 ? 1 : index === iterationCount - 2 ? 2 : 3,
  };
}

function toIssue(state: GitLabState, project: Project, story: Story, index: number): Issue {
  const closed = isClosed(story.stage);
  const assignees = story.assignees.map((login) => userOf(state, login));
  const author = userOf(state, story.author);
  const type = typeOf(story, index);
  const inIteration = story.cycle === "current" && project.iterations.length > 0;
  return {
    id: 92_000_000 + project.id * 1_000 + index * 17,
    project,
    iid: index + 1,
    title: story.title,
    description: story.body,
    author,
    labels: labelNames(story, index, project.statuses.length > 0).map((name) => labelOf(project, name)),
    assignees,
    milestone: milestoneFor(project, story),
    iteration: inIteration ? (project.iterations[iterationCount - 2] ?? null) : null,
    type,
    status: statusFor(project, type, story),
    parent: null,
    epic: null,
    updatedBy: null,
    state: closed ? "closed" : "opened",
    closedBy: closed ? (assignees[0] ?? author) : null,
    createdAt: story.createdAt,
    updatedAt: story.updatedAt,
    closedAt: story.closedAt,
    dueDate: story.dueDate,
    weight: story.estimate,
    noteCount: story.comments,
    notes: null,
    links: [],
    movedTo: null,
    duplicateOf: null,
    malformed: null,
  };
}

function typeOf(story: Story, index: number): IssueType {
  if (story.kind === "bug" && index % 6 === 1) return "incident";
  return story.kind === "chore" && index % 4 === 0 ? "task" : "issue";
}

const statusNames: Readonly<Partial<Record<Story["stage"], string>>> = {
  in_progress: "In progress",
  in_review: "In review",
  done: "Done",
  canceled: "Won't do",
  duplicate: "Duplicate",
};

function statusFor(project: Project, type: IssueType, story: Story): WorkStatus | null {
  const usual = defaultStatus(project, type, isClosed(story.stage) ? "closed" : "opened");
  const name = statusNames[story.stage];
  return usual === null ? null : (project.statuses.find((status) => status.name === name) ?? usual);
}

/** The last milestone but one is current; a closed issue belongs to the one that was due next. */
function milestoneFor(project: Project, story: Story): Milestone | null {
  if (story.cycle === null) return null;
  if (story.cycle !== "past") return project.milestones[milestoneCount - (story.cycle === "current" ? 2 : 1)] ?? null;
  const closedOn = toDay(story.closedAt ?? 0);
  return project.milestones.find(({ startDate, dueDate }) => startDate <= closedOn && closedOn <= dueDate) ?? null;
}

/** The label for a stage that has no status. */
const stageLabels: Readonly<Partial<Record<Story["stage"], string>>> = {
  planning: "workflow::planning",
  in_progress: "workflow::in progress",
  in_review: "workflow::in review",
  canceled: "canceled",
  duplicate: "duplicate",
};

function labelNames(story: Story, index: number, hasStatuses: boolean): string[] {
  const names = [`type::${story.kind === "chore" ? "maintenance" : story.kind}`];
  const staged = stageLabels[story.stage];
  if (staged !== undefined && (!hasStatuses || story.stage === "planning")) names.push(staged);
  if (story.priority > 0 && index % 4 !== 3) names.push(`priority::${story.priority}`);
  if (story.kind === "bug" && index % 6 === 1) names.push("severity::1");
  if (index % 3 !== 2) names.push(story.component);
  if (index % 9 === 4) names.push("customer");
  return names;
}

function relate(state: GitLabState, issues: readonly Issue[], story: Story, index: number, isFree: boolean): void {
  const issue = issues[index];
  if (issue === undefined) return;
  const join = (from: Issue | undefined, to: Issue | undefined, type: "relates_to" | "blocks") => {
    if (from === undefined || to === undefined || from === to) return;
    linkIssues({ id: state.nextId(), from, to, type, createdAt: Math.max(from.createdAt, to.createdAt) });
  };
  for (const position of isFree ? [] : story.blockedBy) join(issues[position], issue, "blocks");
  for (const position of story.relatesTo) join(issue, issues[position], "relates_to");
  if (story.duplicateOf !== null && story.duplicateOf !== index) {
    issue.duplicateOf = issues[story.duplicateOf] ?? null;
  }
}

function toDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
