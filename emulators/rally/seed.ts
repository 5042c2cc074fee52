import { areaFor } from "../seed/areas.ts";
import {
  type CatalogueEntry,
  rallyFeatureNumber,
  rallyWorkspaces,
  referencesFrom,
  shareOf,
  sourcesOf,
} from "../seed/catalogue.ts";
import { colleagues } from "../seed/company.ts";
import { makeStories } from "../seed/stories.ts";
import { isClosed, type Story } from "../seed/story.ts";
import type { Artifact, ArtifactKind, Iteration, Project, Tag } from "./records.ts";
import { seedProject } from "./seed-projects.ts";
import { createState, loadArtifacts, type RallyState, userOf } from "./state.ts";
import { idPrefixes } from "./state.ts";
import { finders, portfolioStateNames, priorities } from "./workflow.ts";

export type SeedOptions = {
  readonly issues: number;
  readonly seed: number;
  readonly closed: number;
  readonly sources: number;
  readonly now: () => number;
};

const companyTags = ["Planning", "In Review", "Canceled", "Customer", "Regression", "Tech Debt", "Quick Win"];

/** Seeds the company's Rally. The same seed and clock produce the same ids, texts and times. */
export function seedRally(options: SeedOptions): RallyState {
  const [main, sandbox] = rallyWorkspaces;
  const state = createState({
    workspaces: [main, sandbox],
    users: colleagues.map(({ name, email }, index) => ({
      oid: 310_200 + index * 17,
      userName: email,
      displayName: name,
      // Requests without a workspace use one without the company's work.
      defaultWorkspace: sandbox,
    })),
    portfolioStates: portfolioStateNames.map((name, orderIndex) => ({ oid: 61_100 + orderIndex, name, orderIndex })),
    now: options.now,
  });
  for (const name of companyTags) state.tags.push({ oid: state.nextOid(), name, workspace: main });
  sourcesOf("rally", options.sources).forEach((entry, position) => {
    const project = seedProject(state, entry, options.now());
    state.projects.push(project);
    loadArtifacts(state, seedArtifacts(state, project, entry, position, options));
  });
  return state;
}

function seedArtifacts(
  state: RallyState,
  project: Project,
  entry: CatalogueEntry,
  position: number,
  options: SeedOptions,
): Artifact[] {
  const area = areaFor(entry.area);
  const count = shareOf(options.issues, options.sources, position);
  for (const name of area.components) {
    if (!state.tags.some((tag) => tag.name === name)) {
      state.tags.push({ oid: state.nextOid(), name, workspace: project.workspace });
    }
  }
  const stories = makeStories({
    key: `${options.seed}/rally/${entry.key}`,
    area,
    count,
    closed: options.closed,
    now: options.now(),
    drawReference: referencesFrom("rally", Math.floor(options.issues / options.sources)),
  });
  const kinds = stories.map(kindOf);
  const artifacts = stories.map((story, index) =>
    toArtifact(state, project, story, { index, kind: kinds[index] ?? "story" }),
  );
  stories.forEach((story, index) => relate(artifacts, story, index));
  return artifacts;
}

/** Every tenth item is a feature, bugs are defects, every other chore a task. */
function kindOf(story: Story, index: number): ArtifactKind {
  if (index % 10 === 0) return "feature";
  if (story.kind === "bug") return "defect";
  return story.kind === "chore" && index % 2 === 1 && index > 2 ? "task" : "story";
}

function toArtifact(
  state: RallyState,
  project: Project,
  story: Story,
  about: { readonly index: number; readonly kind: ArtifactKind },
): Artifact {
  const { kind, index } = about;
  const column = columnOf(story, index);
  const flowState = project.flowStates.find(({ name }) => name === column) ?? null;
  const [owner] = story.assignees;
  return {
    oid: state.nextOid(),
    kind,
    // Each type's counter spans the workspace, as in Rally.
    formattedId: kind === "feature" ? featureId(project, index) : state.nextFormattedId(kind),
    project,
    name: story.title,
    text: story.body,
    isHtml: false,
    description: null,
    flowState: kind === "story" || kind === "defect" ? flowState : null,
    state: kind === "defect" ? defectState(story) : kind === "task" ? taskState(story) : null,
    portfolioState: kind === "feature" ? featureState(state, story) : null,
    priority: kind === "defect" ? (priorities[story.priority] ?? "None") : "None",
    resolution: kind === "defect" && isClosed(story.stage) ? resolutionOf(story) : "None",
    tags: tagNames(story, kind, index).flatMap((name) => state.tags.filter((tag) => tag.name === name).slice(0, 1)),
    owner: owner === undefined ? null : userOf(state, emailOf(owner)),
    createdBy: userOf(state, emailOf(story.author)),
    createdAt: story.createdAt,
    updatedAt: story.updatedAt,
    closedAt: story.closedAt,
    estimate: kind === "feature" ? null : story.estimate,
    iteration: kind === "feature" ? null : iterationOf(project, story),
    release:
      kind === "feature" && story.cycle !== null ? (project.releases[story.cycle === "past" ? 0 : 1] ?? null) : null,
    parent: null,
    predecessors: [],
    successors: [],
    duplicates: [],
    isBlocked: false,
    version: 1 + (index % 7),
    seededPosts: story.comments,
    posts: null,
    attachments: [],
    own: new Map(kind === "defect" ? [["c_FoundBy", finders[index % finders.length] ?? "Customer"]] : []),
    malformed: null,
  };
}

/** Computable, so that other trackers' issues can refer to features that do not exist yet. */
function featureId(project: Project, index: number): string {
  return `${idPrefixes.feature}${rallyFeatureNumber(project.oid, Math.floor(index / 10))}`;
}

function emailOf(login: string): string {
  const found = colleagues.find((one) => one.login === login);
  if (found === undefined) throw new Error(`There is no colleague ${login}.`);
  return found.email;
}

function columnOf({ stage }: Story, index: number): string {
  switch (stage) {
    case "triage":
    case "backlog":
      return "Idea";
    case "unstarted":
      return "Defined";
    case "planning":
      return "Planning";
    case "in_progress":
      return "In-Progress";
    case "in_review":
      return "Code Review";
    default:
      return index % 4 === 1 ? "Released" : "Accepted";
  }
}

function defectState({ stage }: Story): string {
  if (isClosed(stage)) return "Closed";
  if (stage === "in_review") return "Fixed";
  return stage === "planning" || stage === "in_progress" ? "Open" : "Submitted";
}

function taskState({ stage }: Story): string {
  if (isClosed(stage)) return "Completed";
  return stage === "in_progress" || stage === "in_review" ? "In-Progress" : "Defined";
}

/** Items in triage have no state yet. */
function featureState(state: RallyState, { stage }: Story): Artifact["portfolioState"] {
  if (stage === "triage") return null;
  const name = isClosed(stage)
    ? "Done"
    : stage === "in_progress" || stage === "in_review"
      ? "Developing"
      : "Discovering";
  return state.portfolioStates.find((one) => one.name === name) ?? null;
}

function resolutionOf({ stage }: Story): string {
  return stage === "duplicate" ? "Duplicate" : stage === "canceled" ? "Not a Defect" : "Code Change";
}

function tagNames(story: Story, kind: ArtifactKind, index: number): Tag["name"][] {
  const hasColumns = kind === "story" || kind === "defect";
  return [
    story.component,
    ...(story.stage === "planning" && !hasColumns ? ["Planning"] : []),
    ...(story.stage === "in_review" && !hasColumns ? ["In Review"] : []),
    ...(story.stage === "canceled" || story.stage === "duplicate" ? ["Canceled"] : []),
    ...(index % 9 === 4 ? ["Customer"] : []),
    ...(story.kind === "bug" && index % 13 === 5 ? ["Regression"] : []),
    ...(story.kind === "chore" ? ["Tech Debt"] : []),
  ];
}

/** The last iteration but one is current; closed work belongs to the one it was closed in, if that still exists. */
function iterationOf(project: Project, story: Story): Iteration | null {
  const { iterations } = project;
  if (story.cycle === null) return null;
  if (story.cycle !== "past") return iterations.at(story.cycle === "current" ? -2 : -1) ?? null;
  const closedAt = story.closedAt ?? 0;
  return iterations.find(({ startDate, endDate }) => startDate <= closedAt && closedAt < endDate) ?? null;
}

/** Makes tasks children of stories and defects, stories of features or stories, defects of stories. */
function relate(artifacts: readonly Artifact[], story: Story, index: number): void {
  const artifact = artifacts[index];
  if (artifact === undefined) return;
  const before = artifacts.slice(Math.max(0, index - 12), index).reverse();
  const drawn = story.parent === null ? undefined : artifacts[story.parent];
  if (artifact.kind === "task") {
    artifact.parent = before.find(({ kind }) => kind === "story" || kind === "defect") ?? null;
  } else if (index <= 10) {
    // The first ones have no parent, as in the other trackers.
  } else if (artifact.kind === "story") {
    const above = drawn?.kind === "story" && drawn !== artifact && drawn.parent?.kind !== "story" ? drawn : undefined;
    artifact.parent = above ?? (index % 3 === 0 ? null : (before.find(({ kind }) => kind === "feature") ?? null));
  } else if (artifact.kind === "defect") {
    artifact.parent = drawn?.kind === "story" ? drawn : null;
  }
  for (const position of story.blockedBy) {
    // Stories precede stories and features precede features; if another type was drawn, use the nearest earlier item of the same type.
    const other = artifacts.slice(0, position + 1).findLast((one) => one.kind === artifact.kind && one !== artifact);
    if (other !== undefined && (artifact.kind === "story" || artifact.kind === "feature")) {
      artifact.predecessors.push(other);
      other.successors.push(artifact);
    } else if (artifact.kind !== "feature") artifact.isBlocked = true;
  }
  const original = story.duplicateOf === null ? undefined : artifacts[story.duplicateOf];
  if (artifact.kind === "defect" && original?.kind === "defect" && original !== artifact) {
    artifact.duplicates.push(original);
  }
}
