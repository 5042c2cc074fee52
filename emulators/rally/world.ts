import type { World, WorldFields, WorldIssue } from "../emulator.ts";
import { describe } from "./catalogue.ts";
import { attachFile } from "./files.ts";
import type { Artifact, FlowState, Project, Tag } from "./records.ts";
import { toHtml } from "./rich-text.ts";
import { makeFlowStates } from "./seed-projects.ts";
import { postsOf } from "./seed-posts.ts";
import { changeArtifact, emptyArtifact, insertArtifact, type RallyState, removeArtifact, userOf } from "./state.ts";
import { defectStates, isDone, taskStates, wordFor } from "./workflow.ts";

/**
 * Native ids are ObjectIDs; FormattedIDs (`US12`) work too. Created items are stories; a story column as the `state` of another type means the nearest value of
 * that type. Bodies are markdown, stored as HTML.
 */
export function createWorld(state: RallyState): World {
  const somebody = state.users[4];
  if (somebody === undefined) throw new Error("The seed has too few users.");

  return {
    issues(sourceKey) {
      const project = sourceKey === undefined ? null : getProject(state, sourceKey);
      return state.all.byCreation.items
        .filter((one) => project === null || one.project === project)
        .map((one) => toWorldIssue(one));
    },
    create(sourceKey, fields) {
      const at = fields.updatedAt ?? state.now();
      const artifact: Artifact = {
        ...emptyArtifact(state, "story", getProject(state, sourceKey), { at, by: somebody }),
        formattedId: state.nextFormattedId("story"),
      };
      insertArtifact(state, artifact);
      changeArtifact(state, artifact, at, (one) => applyFields(state, one, fields, at));
      return toWorldIssue(artifact);
    },
    edit(nativeId, fields) {
      const artifact = getArtifact(state, nativeId);
      const at = fields.updatedAt ?? state.now();
      changeArtifact(state, artifact, at, (one) => applyFields(state, one, fields, at));
      return toWorldIssue(artifact);
    },
    comment(nativeId, body) {
      const artifact = getArtifact(state, nativeId);
      const posts = postsOf(state, artifact);
      const at = state.now();
      changeArtifact(state, artifact, at, () => {
        posts.push({
          oid: state.nextOid(),
          artifact,
          number: posts.length + 1,
          user: somebody,
          text: toHtml(body),
          createdAt: at,
          updatedAt: at,
          version: 1,
        });
      });
    },
    comments: (nativeId) =>
      postsOf(state, getArtifact(state, nativeId)).map(({ oid, text, user }) => ({
        id: String(oid),
        body: text,
        login: user.userName,
      })),
    delete(nativeId) {
      removeArtifact(state, getArtifact(state, nativeId), somebody);
    },
    move(nativeId, sourceKey) {
      const project = getProject(state, sourceKey);
      changeArtifact(state, getArtifact(state, nativeId), state.now(), (one) => {
        one.project = project;
        one.iteration = null;
        one.release = null;
        if (one.flowState !== null) one.flowState = columnFor(project, one.flowState.name);
      });
    },
    hideSource(sourceKey, hidden) {
      getProject(state, sourceKey).isHidden = hidden;
    },
    renameLabel(sourceKey, from, to) {
      const { workspace } = getProject(state, sourceKey);
      const tag = state.tags.find(
        (one) => one.workspace === workspace && one.name.toLowerCase() === from.toLowerCase(),
      );
      if (tag === undefined) throw new Error(`${sourceKey} has no tag ${from}.`);
      tag.name = to;
    },
    renameState(sourceKey, from, to) {
      const states = [...getProject(state, sourceKey).flowStates, ...state.portfolioStates];
      const found = states.filter((one) => one.name.toLowerCase() === from.toLowerCase());
      if (found.length === 0) throw new Error(`${sourceKey} has no state ${from}.`);
      for (const one of found) one.name = to;
    },
    renamePerson(login, name) {
      userOf(state, login).displayName = name;
    },
    attach(nativeId, file) {
      return attachFile(state, getArtifact(state, nativeId), file, { at: state.now(), isInline: false });
    },
    block(nativeId, byNativeId) {
      const blocked = getArtifact(state, nativeId);
      const by = getArtifact(state, byNativeId);
      if (blocked.kind !== by.kind || (by.kind !== "story" && by.kind !== "feature")) {
        throw new Error("In Rally stories precede stories, and features precede features.");
      }
      changeArtifact(state, blocked, state.now(), (one) => one.predecessors.push(by));
      by.successors.push(blocked);
    },
    addSource(under, name) {
      const parent = getProject(state, under);
      const project: Project = {
        oid: state.nextOid(),
        name,
        workspace: parent.workspace,
        parent,
        children: [],
        area: parent.area,
        isHidden: false,
        flowStates: [],
        iterations: [],
        releases: [],
      };
      project.flowStates.push(...makeFlowStates(state, project));
      parent.children.push(project);
      state.projects.push(project);
      return keyOf(project);
    },
    malform(nativeId, how) {
      getArtifact(state, nativeId).malformed = how;
    },
  };
}

export function keyOf(project: Project): string {
  return `${project.workspace.oid}/${project.oid}`;
}

function applyFields(state: RallyState, artifact: Artifact, fields: Partial<WorldFields>, at: number): void {
  if (fields.title !== undefined) artifact.name = fields.title;
  if (fields.body !== undefined) {
    artifact.text = fields.body;
    artifact.isHtml = false;
    artifact.description = null;
  }
  if (fields.labels !== undefined) artifact.tags = fields.labels.map((name) => findOrCreateTag(state, artifact, name));
  if (fields.assignees !== undefined) {
    const [login] = fields.assignees;
    if (fields.assignees.length > 1) throw new Error("An item in Rally has one owner.");
    artifact.owner = login === undefined ? null : userOf(state, login);
  }
  if (fields.state !== undefined) setState(state, artifact, wordFor(artifact.kind, fields.state), at);
}

function setState(state: RallyState, artifact: Artifact, word: string, at: number): void {
  const is = (name: string) => name.toLowerCase() === word.toLowerCase();
  const refuse = () => new Error(`A ${artifact.kind} in Rally cannot be "${word}".`);
  if (artifact.kind === "story") {
    const column = artifact.project.flowStates.find(({ name }) => is(name));
    if (column === undefined) throw refuse();
    artifact.flowState = column;
  } else if (artifact.kind === "feature") {
    const column = state.portfolioStates.find(({ name }) => is(name));
    if (column === undefined) throw refuse();
    artifact.portfolioState = column;
  } else {
    const own = (artifact.kind === "defect" ? defectStates : taskStates).find(is);
    if (own === undefined) throw refuse();
    artifact.state = own;
    const columns: Record<string, string> = { Open: "In-Progress", Fixed: "Code Review", Closed: "Accepted" };
    if (artifact.kind === "defect") artifact.flowState = columnFor(artifact.project, columns[own] ?? "Defined");
  }
  const done = isDone(artifact.kind, {
    state: artifact.portfolioState?.name ?? artifact.state,
    scheduleState: artifact.flowState?.scheduleState ?? null,
  });
  artifact.closedAt = done ? (artifact.closedAt ?? at) : null;
}

/** The column of that name, otherwise the one for Defined. */
function columnFor(project: Project, name: string): FlowState {
  const found =
    project.flowStates.find((one) => one.name === name) ??
    project.flowStates.find((one) => one.scheduleState === "Defined");
  if (found === undefined) throw new Error(`${project.name} has no columns.`);
  return found;
}

function findOrCreateTag(state: RallyState, { project: { workspace } }: Artifact, name: string): Tag {
  const found = state.tags.find((one) => one.workspace === workspace && one.name.toLowerCase() === name.toLowerCase());
  if (found) return found;
  const tag = { oid: state.nextOid(), name, workspace };
  state.tags.push(tag);
  return tag;
}

function getProject(state: RallyState, key: string): Project {
  const project = state.projects.find((one) => keyOf(one) === key || String(one.oid) === key || one.name === key);
  if (project === undefined) throw new Error(`There is no project ${key}.`);
  return project;
}

function getArtifact(state: RallyState, nativeId: string): Artifact {
  const artifact = state.artifacts.get(Number(nativeId)) ?? state.byFormattedId.get(nativeId.toUpperCase());
  if (artifact === undefined) throw new Error(`There is no item ${nativeId}.`);
  return artifact;
}

function toWorldIssue(artifact: Artifact): WorldIssue {
  return {
    nativeId: String(artifact.oid),
    key: artifact.formattedId,
    sourceKey: keyOf(artifact.project),
    title: artifact.name,
    body: artifact.text,
    nativeBody: describe(artifact),
    state: artifact.portfolioState?.name ?? artifact.state ?? artifact.flowState?.name ?? "None",
    labels: artifact.tags.map(({ name }) => name),
    assignees: artifact.owner === null ? [] : [artifact.owner.userName],
    createdAt: artifact.createdAt,
    updatedAt: artifact.updatedAt,
    closed: artifact.closedAt !== null,
  };
}
