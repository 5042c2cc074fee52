import { areaFor } from "../seed/areas.ts";
import { type CatalogueEntry, referencesFrom, shareOf, sourcesOf } from "../seed/catalogue.ts";
import { colleagues, customers } from "../seed/company.ts";
import { createRandom } from "../seed/random.ts";
import { makeStories } from "../seed/stories.ts";
import { isClosed, type Stage, type Story } from "../seed/story.ts";
import { dayMs } from "../seed/timeline.ts";
import type { Cycle, ExternalUser, Issue, IssueLabel, Team, User, WorkflowState } from "./records.ts";
import { operationsStates, usualStates } from "./seed-workflows.ts";
import { createIndexes, createState, link, type LinearState, loadIssues, userOf } from "./state.ts";

export type SeedOptions = {
  readonly issues: number;
  readonly seed: number;
  readonly closed: number;
  readonly sources: number;
  readonly now: () => number;
};

const workspaceLabels: readonly (readonly [string, string, string | null])[] = [
  ["Bug", "#eb5757", "Something does not work"],
  ["Feature", "#bb87fc", null],
  ["Improvement", "#4ea7fc", null],
  ["Customer", "#26b5ce", "Asked for by a customer"],
];

const teamColors = ["#4ea7fc", "#f2994a", "#0f783c", "#bb87fc"];
const componentColors = ["#5e6ad2", "#26b5ce", "#0f783c", "#f2c94c", "#f2994a", "#eb5757"];
const cycleDays = 14;
/** Ten cycles: eight past, the current and the next. */
const cycleCount = 10;

/** Seeds the company's Linear. The same seed and clock produce the same ids, texts and times. */
export function seedLinear(options: SeedOptions): LinearState {
  const now = options.now();
  const founded = now - 950 * dayMs;
  const people = createRandom(`${options.seed}/linear/people`);
  const users = colleagues.map(({ login, name, email }, index): User => ({
    id: people.uuid(),
    createdAt: founded + index * dayMs,
    updatedAt: founded + index * dayMs,
    name,
    displayName: login,
    email,
    admin: index === 0,
  }));
  const state = createState({
    seed: String(options.seed),
    users,
    externalUsers: seedContacts(options.seed, founded),
    now: options.now,
    organisation: {
      id: people.uuid(),
      name: "Harborline",
      urlKey: "harborline",
      createdAt: founded,
      updatedAt: founded,
    },
  });
  for (const [name, color, description] of workspaceLabels) {
    state.labels.push({
      id: people.uuid(),
      createdAt: founded,
      updatedAt: founded,
      team: null,
      name,
      color,
      description,
      isGroup: false,
      parent: null,
    });
  }
  sourcesOf("linear", options.sources).forEach((entry, position) => {
    state.teams.push(seedTeam(state, entry, position, options, founded));
  });
  return state;
}

function seedTeam(
  state: LinearState,
  entry: CatalogueEntry,
  position: number,
  options: SeedOptions,
  founded: number,
): Team {
  const now = options.now();
  const area = areaFor(entry.area);
  const count = shareOf(options.issues, options.sources, position);
  const key = `${options.seed}/linear/${entry.key}`;
  const random = createRandom(`${key}/team`);
  const dated = { createdAt: founded, updatedAt: founded };
  const team: Team = {
    id: random.uuid(),
    ...dated,
    key: entry.key,
    name: entry.name,
    color: teamColors[position] ?? "#bec2c8",
    area: entry.area,
    isHidden: false,
    states: [],
    labels: [],
    cycles: [],
    issues: createIndexes(),
    nextNumber: count + 1,
  };
  const rows = entry.area === "ops" ? operationsStates : usualStates;
  const byStage = new Map<Stage, WorkflowState>();
  rows.forEach(([name, type, color, stage], index) => {
    const own: WorkflowState = { id: random.uuid(), ...dated, team, name, type, color, position: index * 1_000 };
    team.states.push(own);
    if (stage !== null) byStage.set(stage, own);
  });
  area.components.forEach((name, index) => {
    const color = componentColors[index] ?? "#bec2c8";
    team.labels.push({
      id: random.uuid(),
      ...dated,
      team,
      name,
      color,
      description: null,
      isGroup: false,
      parent: null,
    });
  });
  const midnight = Math.floor(now / dayMs) * dayMs;
  for (let index = 0; index < cycleCount; index += 1) {
    const startsAt = midnight + (index - cycleCount + 2) * cycleDays * dayMs - 5 * dayMs;
    const endsAt = startsAt + cycleDays * dayMs;
    const since = Math.min(now, startsAt - cycleDays * dayMs);
    team.cycles.push({
      id: random.uuid(),
      createdAt: since,
      updatedAt: since,
      team,
      number: 31 + index,
      name: null,
      startsAt,
      endsAt,
    });
  }

  const stories = makeStories({
    key,
    area,
    count,
    closed: options.closed,
    now,
    drawReference: referencesFrom("linear", Math.floor(options.issues / options.sources)),
  });
  const issues = stories.map((story, index) =>
    toIssue(state, team, story, { index, id: createRandom(`${key}/id/${index}`).uuid(), byStage }),
  );
  stories.forEach((story, index) => relate(issues, story, index, createRandom(`${key}/relations/${index}`)));
  loadIssues(state, team, issues);
  return team;
}

function toIssue(
  state: LinearState,
  team: Team,
  story: Story,
  about: { readonly index: number; readonly id: string; readonly byStage: ReadonlyMap<Stage, WorkflowState> },
): Issue {
  const { stage } = story;
  const own = about.byStage.get(stage);
  if (own === undefined) throw new Error(`${team.key} has no state for ${stage}.`);
  const isStarted = stage === "in_progress" || stage === "in_review" || stage === "done";
  const [first] = story.assignees;
  return {
    id: about.id,
    createdAt: story.createdAt,
    updatedAt: story.updatedAt,
    team,
    number: about.index + 1,
    title: story.title,
    description: story.body,
    state: own,
    labels: drawLabels(state, team, story, about.index),
    assignee: first === undefined ? null : userOf(state, first),
    ...creatorOf(state, story, about.index),
    priority: story.priority,
    estimate: story.estimate,
    dueDate: story.dueDate,
    cycle: cycleFor(team, story),
    parent: null,
    children: [],
    relations: [],
    inverseRelations: [],
    startedAt: isStarted ? story.createdAt : null,
    completedAt: stage === "done" ? story.closedAt : null,
    canceledAt: isClosed(stage) && stage !== "done" ? story.closedAt : null,
    archivedAt: null,
    trashed: null,
    previousIdentifiers: [],
    seededComments: story.comments,
    comments: null,
    attachments: null,
  };
}

/** Some issues come through integrations: filed for customers, or by monitoring. */
function creatorOf(
  state: LinearState,
  story: Story,
  index: number,
): Pick<Issue, "creator" | "externalUserCreator" | "botActor"> {
  const none = { creator: null, externalUserCreator: null, botActor: null };
  if (isFromCustomer(index) && story.kind === "bug") {
    const reporter = state.externalUsers[index % state.externalUsers.length];
    return reporter === undefined ? none : { ...none, externalUserCreator: reporter };
  }
  if (story.kind === "bug" && index % 23 === 6) {
    return { ...none, botActor: { id: null, type: "sentry", name: "Sentry", userDisplayName: null } };
  }
  return { ...none, creator: userOf(state, story.author) };
}

/** The last cycle but one is current; a closed issue belongs to the one it was closed in, if that still exists. */
function cycleFor(team: Team, story: Story): Cycle | null {
  if (story.cycle === null) return null;
  if (story.cycle !== "past") return team.cycles[story.cycle === "current" ? cycleCount - 2 : cycleCount - 1] ?? null;
  const closedAt = story.closedAt ?? 0;
  return team.cycles.find(({ startsAt, endsAt }) => startsAt <= closedAt && closedAt < endsAt) ?? null;
}

/** Customers' employees, named by the help desk. */
function seedContacts(seed: number, at: number): readonly ExternalUser[] {
  const random = createRandom(`${seed}/linear/contacts`);
  return ["Greta Nilsson", "Marcus Oyelaran", "Beatriz Salgado", "Kenji Morita"].map((name, index) => {
    const company = customers[index] ?? "";
    const email = `${name.split(" ")[0]?.toLowerCase()}@${company.toLowerCase().replace(/[^a-z]+/g, "-")}.example`;
    const displayName = `${name} (${company})`;
    return { id: random.uuid(), createdAt: at, updatedAt: at, lastSeen: at, name, displayName, email };
  });
}

function isFromCustomer(index: number): boolean {
  return index % 9 === 4;
}

function drawLabels(state: LinearState, team: Team, story: Story, index: number): IssueLabel[] {
  const kind = story.kind === "bug" ? "Bug" : story.kind === "feature" ? "Feature" : "Improvement";
  const names = [kind, ...(index % 3 === 2 ? [] : [story.component]), ...(isFromCustomer(index) ? ["Customer"] : [])];
  return names.flatMap((name) => [...state.labels, ...team.labels].filter((label) => label.name === name));
}

function relate(issues: readonly Issue[], story: Story, index: number, random: ReturnType<typeof createRandom>): void {
  const issue = issues[index];
  if (issue === undefined) return;
  const parent = story.parent === null ? undefined : issues[story.parent];
  if (parent && parent !== issue && parent.parent === null) {
    issue.parent = parent;
    parent.children.push(issue);
  }
  const join = (from: Issue | undefined, to: Issue | undefined, type: "blocks" | "duplicate" | "related") => {
    if (from === undefined || to === undefined || from === to) return;
    const at = Math.max(from.createdAt, to.createdAt);
    link({ id: random.uuid(), createdAt: at, updatedAt: at, type, issue: from, relatedIssue: to });
  };
  for (const position of story.blockedBy) join(issues[position], issue, "blocks");
  for (const position of story.relatesTo) join(issue, issues[position], "related");
  if (story.duplicateOf !== null) join(issue, issues[story.duplicateOf], "duplicate");
}
