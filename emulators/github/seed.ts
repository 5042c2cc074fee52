import { areaFor } from "../seed/areas.ts";
import { type CatalogueEntry, gitHubIssueNumber, referencesFrom, shareOf, sourcesOf } from "../seed/catalogue.ts";
import { colleagues } from "../seed/company.ts";
import { makeStories } from "../seed/stories.ts";
import { isClosed, type Story } from "../seed/story.ts";
import { dayMs } from "../seed/timeline.ts";
import type { Issue, IssueType, Milestone, Repo, StateReason, User } from "./records.ts";
import { toPull } from "./seed-pulls.ts";
import { createIndexes, createState, type GitHubState, labelOf, loadIssues, toSecond, userOf } from "./state.ts";

export type SeedOptions = {
  readonly issues: number;
  readonly seed: number;
  readonly closed: number;
  readonly sources: number;
  readonly now: () => number;
};

/** The initial labels of every repository: GitHub's defaults, then the company's. */
const repoLabels: readonly (readonly [name: string, color: string, description: string | null, isDefault: boolean])[] =
  [
    ["bug", "d73a4a", "Something isn't working", true],
    ["documentation", "0075ca", "Improvements or additions to documentation", true],
    ["enhancement", "a2eeef", "New feature or request", true],
    ["good first issue", "7057ff", "Good for newcomers", true],
    ["wontfix", "ffffff", "This will not be worked on", true],
    ["planning", "c5def5", "Being specified", false],
    ["in progress", "fbca04", "Somebody is on it", false],
    ["in review", "bfd4f2", "Waiting for review", false],
    ["P0", "b60205", "Drop everything", false],
    ["P1", "d93f0b", "This week", false],
    ["P2", "fbca04", "This cycle", false],
    ["P3", "0e8a16", "Some day", false],
    ["maintenance", "cfd3d7", null, false],
    ["customer", "5319e7", "Asked for by a customer", false],
    ["regression", "e99695", null, false],
  ];

const componentColors = ["1d76db", "006b75", "bfdadc", "f9d0c4", "d4c5f9", "c2e0c6"];
const milestoneCount = 8;
const milestoneDays = 42;

const repoFacts: Readonly<Record<string, { description: string; isPrivate: boolean; language: string }>> = {
  portal: { description: "Where shippers quote, book and track freight", isPrivate: true, language: "TypeScript" },
  "carrier-sdk": {
    description: "Client libraries and webhooks for carriers",
    isPrivate: false,
    language: "TypeScript",
  },
  "dispatch-console": { description: "The dispatchers' desk", isPrivate: true, language: "TypeScript" },
  "driver-app": { description: "Android and iOS app for drivers", isPrivate: true, language: "Kotlin" },
};

const pacific = new Intl.DateTimeFormat("en", { timeZone: "America/Los_Angeles", hour: "numeric", hourCycle: "h23" });

/** The midnight with which the UTC date of `time` begins on the Pacific coast; GitHub keeps days as such. */
function pacificMidnight(time: number): number {
  const noon = time - (time % dayMs) + dayMs / 2;
  return noon - Number(pacific.format(noon)) * (dayMs / 24);
}

/** Seeds the company's GitHub. The same seed and clock produce the same ids, texts and times. */
export function seedGitHub(options: SeedOptions): GitHubState {
  const users = colleagues.map(({ login, name, email }, index): User => ({
    id: 60_100 + index * 37,
    login,
    name,
    email,
  }));
  const types: IssueType[] = [
    { id: 9_101, name: "Bug", description: "An unexpected problem or behavior", color: "red" },
    { id: 9_102, name: "Feature", description: "A request, idea, or new functionality", color: "blue" },
    { id: 9_103, name: "Task", description: "A specific piece of work", color: "yellow" },
  ];
  const state = createState({
    organisation: { id: 48_201, login: "harborline", name: "Harborline" },
    users,
    types,
    now: options.now,
  });
  const entries = sourcesOf("github", options.sources);
  entries.forEach((entry, position) => {
    state.repos.push(seedRepo(state, entry, position, options));
  });
  return state;
}

function seedRepo(state: GitHubState, entry: CatalogueEntry, position: number, options: SeedOptions): Repo {
  const now = toSecond(options.now());
  const area = areaFor(entry.area);
  const count = shareOf(options.issues, options.sources, position);
  const facts = repoFacts[entry.key.split("/")[1] ?? ""];
  const repo: Repo = {
    id: 710_400 + position * 1_013,
    fullName: entry.key,
    description: facts?.description ?? entry.name,
    isPrivate: facts?.isPrivate ?? true,
    language: facts?.language ?? "TypeScript",
    createdAt: now - 950 * dayMs,
    isHidden: false,
    labels: [],
    milestones: [],
    issues: new Map(),
    departed: new Map(),
    byUpdate: createIndexes("update"),
    byCreation: createIndexes("creation"),
    nextNumber: 1,
    git: null,
    pulls: new Map(),
    openCount: 0,
    version: 1,
  };
  for (const [name, color, description, isDefault] of repoLabels) {
    repo.labels.push({ id: state.nextId(), name, color, description, isDefault });
  }
  area.components.forEach((component, index) => {
    const name = `area: ${component.toLowerCase()}`;
    repo.labels.push({
      id: state.nextId(),
      name,
      color: componentColors[index] ?? "ededed",
      description: null,
      isDefault: false,
    });
  });
  const creator = userOf(state, "priyar");
  for (let index = 0; index < milestoneCount; index += 1) {
    const dueOn = pacificMidnight(now + (index - milestoneCount + 2) * milestoneDays * dayMs);
    const isOver = dueOn < now;
    repo.milestones.push({
      id: state.nextId(),
      number: index + 1,
      title: `${entry.key.split("/")[1] ?? ""} 4.${10 + index}`,
      description: isOver ? null : "What the next release is about",
      creator,
      createdAt: dueOn - 2 * milestoneDays * dayMs,
      updatedAt: isOver ? dueOn : now - 3 * dayMs,
      closedAt: isOver ? dueOn : null,
      dueOn,
    });
  }

  const key = `${options.seed}/github/${entry.key}`;
  const stories = makeStories({
    key,
    area,
    count,
    closed: options.closed,
    now,
    drawReference: referencesFrom("github", Math.floor(options.issues / options.sources)),
  });
  const issues = stories.map((story, index) => toIssue(state, repo, story, index));
  stories.forEach((story, index) => relate(issues, story, index));
  const pulls = stories
    .slice(0, Math.floor(count / 2))
    .map((_, index) => toPull(state, repo, { key, index, stories, area, closed: options.closed }));
  loadIssues(state, repo, [...issues, ...pulls]);
  return repo;
}

function toIssue(state: GitHubState, repo: Repo, story: Story, index: number): Issue {
  const reason: Record<string, StateReason> = { done: "completed", canceled: "not_planned", duplicate: "duplicate" };
  const assignees = story.assignees.map((login) => userOf(state, login));
  const closed = isClosed(story.stage);
  return {
    id: 1_800_000_000 + repo.id * 7 + gitHubIssueNumber(index) * 11,
    repo,
    number: gitHubIssueNumber(index),
    isPull: false,
    title: story.title,
    body: story.body,
    user: userOf(state, story.author),
    labels: labelNames(story, index).map((name) => labelOf(repo, name)),
    assignees,
    milestone: milestoneFor(repo, story),
    type: state.types[story.kind === "bug" ? 0 : story.kind === "feature" ? 1 : 2] ?? null,
    state: closed ? "closed" : "open",
    stateReason: reason[story.stage] ?? null,
    closedBy: closed ? (assignees[0] ?? userOf(state, story.author)) : null,
    createdAt: toSecond(story.createdAt),
    updatedAt: toSecond(story.updatedAt),
    closedAt: story.closedAt === null ? null : toSecond(story.closedAt),
    commentCount: story.comments,
    comments: null,
    parent: null,
    children: [],
    blockedBy: [],
    blocking: [],
    malformed: null,
  };
}

/** The last milestone but one is current; a closed issue belongs to the one that was due next. */
function milestoneFor(repo: Repo, story: Story): Milestone | null {
  const position = { current: milestoneCount - 2, next: milestoneCount - 1 };
  if (story.cycle === null) return null;
  if (story.cycle !== "past") return repo.milestones[position[story.cycle]] ?? null;
  const closedAt = story.closedAt ?? 0;
  const found = repo.milestones.find(({ dueOn }) => dueOn !== null && closedAt <= dueOn);
  return found && closedAt >= found.createdAt ? found : null;
}

function labelNames(story: Story, index: number): string[] {
  const names = [story.kind === "bug" ? "bug" : story.kind === "feature" ? "enhancement" : "maintenance"];
  if (story.stage === "planning") names.push("planning");
  if (story.stage === "in_progress") names.push("in progress");
  if (story.stage === "in_review") names.push("in review");
  if (story.stage === "canceled" && index % 2 === 0) names.push("wontfix");
  if (story.priority > 0 && index % 4 !== 3) names.push(`P${story.priority - 1}`);
  names.push(`area: ${story.component.toLowerCase()}`);
  if (index % 9 === 4) names.push("customer");
  if (story.kind === "bug" && index % 13 === 5) names.push("regression");
  if (story.kind === "chore" && index % 7 === 2) names.push("good first issue");
  return names;
}

function relate(issues: readonly Issue[], story: Story, index: number): void {
  const issue = issues[index];
  const parent = story.parent === null ? undefined : issues[story.parent];
  if (issue && parent && parent !== issue && parent.parent === null) {
    issue.parent = parent;
    parent.children.push(issue);
  }
  for (const position of story.blockedBy) {
    const other = issues[position];
    if (!issue || !other || other === issue) continue;
    issue.blockedBy.push(other);
    other.blocking.push(issue);
  }
}
