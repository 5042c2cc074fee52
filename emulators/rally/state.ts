import { createSortedIndex } from "../server/sorted-index.ts";
import type { StoredFiles } from "../server/stored-files.ts";
import type {
  Artifact,
  ArtifactKind,
  Indexes,
  PortfolioState,
  Project,
  RecycleBinEntry,
  Tag,
  User,
  Workspace,
} from "./records.ts";

export type RallyState = {
  readonly workspaces: readonly Workspace[];
  readonly users: User[];
  readonly projects: Project[];
  readonly tags: Tag[];
  readonly portfolioStates: readonly PortfolioState[];
  readonly artifacts: Map<number, Artifact>;
  /** Upper case. */
  readonly byFormattedId: Map<string, Artifact>;
  readonly all: Indexes;
  /** The children of an artifact. */
  readonly children: Map<Artifact, Set<Artifact>>;
  readonly recycleBin: RecycleBinEntry[];
  readonly files: StoredFiles;
  /** The server's origin; set once it is known. */
  origin: string;
  now(): number;
  nextOid(): number;
  /** The next FormattedID of a type; workspaces choose the prefixes. */
  nextFormattedId(kind: ArtifactKind): string;
};

export const idPrefixes: Readonly<Record<ArtifactKind, string>> = {
  story: "US",
  defect: "DE",
  task: "TA",
  feature: "F",
};

export function createState(parts: {
  readonly workspaces: readonly Workspace[];
  readonly users: User[];
  readonly portfolioStates: readonly PortfolioState[];
  readonly now: () => number;
}): RallyState {
  let lastOid = 760_000_000_000;
  const lastNumbers: Record<ArtifactKind, number> = { story: 0, defect: 0, task: 0, feature: 0 };
  return {
    ...parts,
    projects: [],
    tags: [],
    artifacts: new Map(),
    byFormattedId: new Map(),
    all: createIndexes(),
    children: new Map(),
    recycleBin: [],
    files: new Map(),
    origin: "",
    nextOid: () => {
      lastOid += 13;
      return lastOid;
    },
    nextFormattedId: (kind) => {
      lastNumbers[kind] += 1;
      return `${idPrefixes[kind]}${lastNumbers[kind]}`;
    },
  };
}

const byUpdate = (a: Artifact, b: Artifact) => a.updatedAt - b.updatedAt || a.oid - b.oid;
const byCreation = (a: Artifact, b: Artifact) => a.createdAt - b.createdAt || a.oid - b.oid;

function createIndexes(): Indexes {
  return { byUpdate: createSortedIndex(byUpdate), byCreation: createSortedIndex(byCreation) };
}

/** Bulk-loads seeded artifacts. */
export function loadArtifacts(state: RallyState, artifacts: readonly Artifact[]): void {
  for (const artifact of artifacts) {
    state.artifacts.set(artifact.oid, artifact);
    state.byFormattedId.set(artifact.formattedId.toUpperCase(), artifact);
    putBelowParent(state, artifact);
  }
  state.all.byUpdate.load(artifacts);
  state.all.byCreation.load(artifacts);
}

/** An artifact with Rally's defaults. It gets its FormattedID when inserted. */
export function emptyArtifact(
  state: RallyState,
  kind: ArtifactKind,
  project: Project,
  about: { readonly at: number; readonly by: User },
): Artifact {
  const isScheduled = kind === "story" || kind === "defect";
  return {
    oid: state.nextOid(),
    kind,
    formattedId: "",
    project,
    name: "Untitled",
    text: "",
    isHtml: false,
    description: null,
    flowState: isScheduled
      ? (project.flowStates.find(({ scheduleState }) => scheduleState === "Defined") ?? null)
      : null,
    state: kind === "defect" ? "Submitted" : kind === "task" ? "Defined" : null,
    portfolioState: null,
    priority: "None",
    resolution: "None",
    tags: [],
    owner: null,
    createdBy: about.by,
    createdAt: about.at,
    updatedAt: about.at,
    closedAt: null,
    estimate: null,
    iteration: null,
    release: null,
    parent: null,
    predecessors: [],
    successors: [],
    duplicates: [],
    isBlocked: false,
    version: 1,
    seededPosts: 0,
    posts: [],
    attachments: [],
    own: new Map(),
    malformed: null,
  };
}

export function insertArtifact(state: RallyState, artifact: Artifact): void {
  state.artifacts.set(artifact.oid, artifact);
  state.byFormattedId.set(artifact.formattedId.toUpperCase(), artifact);
  state.all.byUpdate.add(artifact);
  state.all.byCreation.add(artifact);
  putBelowParent(state, artifact);
}

/** Moves an artifact to the recycle bin, as Rally's deletion does. */
export function removeArtifact(state: RallyState, artifact: Artifact, by: User): void {
  state.all.byUpdate.remove(artifact);
  state.all.byCreation.remove(artifact);
  takeFromParent(state, artifact);
  state.artifacts.delete(artifact.oid);
  state.byFormattedId.delete(artifact.formattedId.toUpperCase());
  for (const other of artifact.predecessors) drop(other.successors, artifact);
  for (const other of artifact.successors) drop(other.predecessors, artifact);
  state.recycleBin.push({
    oid: state.nextOid(),
    id: artifact.formattedId,
    name: artifact.name,
    type: artifact.kind,
    project: artifact.project,
    deletedBy: by,
    deletedAt: state.now(),
  });
}

/** All changes of an artifact go through here: it moves in the lists and gets a new version. */
export function changeArtifact(
  state: RallyState,
  artifact: Artifact,
  at: number,
  change: (artifact: Artifact) => void,
): void {
  state.all.byUpdate.remove(artifact);
  takeFromParent(state, artifact);
  change(artifact);
  putBelowParent(state, artifact);
  artifact.updatedAt = at;
  artifact.version += 1;
  state.all.byUpdate.add(artifact);
}

/** An artifact's direct children of a kind, oldest first: indexed, because lists count them for every artifact. */
export function childrenOf(state: RallyState, artifact: Artifact, kind: ArtifactKind): readonly Artifact[] {
  return [...(state.children.get(artifact) ?? [])]
    .filter((child) => child.kind === kind)
    .sort((one, other) => one.oid - other.oid);
}

function putBelowParent({ children }: RallyState, artifact: Artifact): void {
  if (artifact.parent === null) return;
  const beside = children.get(artifact.parent);
  if (beside === undefined) children.set(artifact.parent, new Set([artifact]));
  else beside.add(artifact);
}

function takeFromParent({ children }: RallyState, artifact: Artifact): void {
  if (artifact.parent !== null) children.get(artifact.parent)?.delete(artifact);
}

function drop(list: Artifact[], artifact: Artifact): void {
  const index = list.indexOf(artifact);
  if (index >= 0) list.splice(index, 1);
}

/** Finds a user by sign-in name. */
export function userOf(state: RallyState, login: string): User {
  const found = state.users.find(({ userName }) => userName === login);
  if (found === undefined) throw new Error(`There is no user ${login}.`);
  return found;
}

/** A project and all its descendants. */
export function withDescendants(project: Project): Set<Project> {
  const found = new Set([project]);
  for (const one of found) for (const child of one.children) found.add(child);
  return found;
}

/** Whether this parent would make the artifact its own ancestor. */
export function wouldCircle(artifact: Pick<Artifact, "oid">, parent: Artifact): boolean {
  for (let up: Artifact | null = parent; up !== null; up = up.parent) if (up.oid === artifact.oid) return true;
  return false;
}
