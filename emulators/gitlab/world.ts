import { openGitFolder } from "../server/git-folder.ts";
import type { World, WorldFields, WorldIssue } from "../emulator.ts";
import { setState } from "./edit-issue.ts";
import { emptyIssue, takeIid } from "./new-issue.ts";
import type { Issue, Project, User } from "./records.ts";
import { addNote, notesOf } from "./seed-notes.ts";
import {
  changeIssue,
  findOrCreateLabel,
  getProject,
  type GitLabState,
  insertIssue,
  linkIssues,
  removeIssue,
  userOf,
} from "./state.ts";
import { linkTo, storeUpload } from "./uploads.ts";

/** Native ids are `id` as text; `group/project!iid` and `group/project#iid` work too. Issues that were moved away are not listed. */
export function createWorld(state: GitLabState, origin: string): World {
  const somebody = state.users[4];
  if (somebody === undefined) throw new Error("The seed has too few users.");
  const show = (issue: Issue) => toWorldIssue(issue, origin);

  return {
    issues(sourceKey) {
      const projects = sourceKey === undefined ? state.projects : [getProject(state, sourceKey)];
      return projects.flatMap((project) =>
        project.byCreation.all.items.filter((issue) => issue.movedTo === null).map(show),
      );
    },
    create(sourceKey, fields) {
      const at = fields.updatedAt ?? state.now();
      const issue = emptyIssue(state, getProject(state, sourceKey), at, somebody);
      insertIssue(state, issue);
      changeIssue(issue, at, (one) => applyFields(state, one, fields, somebody, at));
      return show(issue);
    },
    edit(nativeId, fields) {
      const issue = getIssue(state, nativeId);
      const at = fields.updatedAt ?? state.now();
      changeIssue(issue, at, (one) => applyFields(state, one, fields, somebody, at));
      return show(issue);
    },
    comment(nativeId, body) {
      const issue = getIssue(state, nativeId);
      const at = state.now();
      addNote(state, issue, { author: somebody, body, isSystem: false, at });
      changeIssue(issue, at, (one) => (one.noteCount += 1));
    },
    comments: (nativeId) =>
      notesOf(state, getIssue(state, nativeId))
        .filter(({ isSystem }) => !isSystem)
        .map(({ id, body, author }) => ({ id: String(id), body, login: author.login })),
    delete(nativeId) {
      removeIssue(state, getIssue(state, nativeId));
    },
    move(nativeId, sourceKey) {
      move(state, getIssue(state, nativeId), getProject(state, sourceKey), somebody);
    },
    hideSource(sourceKey, hidden) {
      getProject(state, sourceKey).isHidden = hidden;
    },
    renameLabel(sourceKey, from, to) {
      const label = getProject(state, sourceKey).labels.find((one) => one.name === from);
      if (label === undefined) throw new Error(`${sourceKey} has no label ${from}.`);
      // Issues with the label keep their update time.
      label.name = to;
    },
    renamePerson(login, to) {
      userOf(state, login).name = to;
    },
    attach(nativeId, file) {
      const issue = getIssue(state, nativeId);
      const address = storeUpload(issue.project, file);
      changeIssue(issue, state.now(), (one) => {
        one.description = `${one.description ?? ""}\n\n${linkTo(file, address)}`.trim();
      });
      return inFull(address, issue.project, origin);
    },
    block(nativeId, byNativeId) {
      const at = state.now();
      const issue = getIssue(state, nativeId);
      linkIssues({ id: state.nextId(), from: getIssue(state, byNativeId), to: issue, type: "blocks", createdAt: at });
      changeIssue(issue, at, () => undefined);
    },
    malform(nativeId, how) {
      getIssue(state, nativeId).malformed = how;
    },
    keepCode(sourceKey, folder) {
      getProject(state, sourceKey).git = openGitFolder(folder);
    },
    renameSource(from, to) {
      const project = getProject(state, from);
      state.formerPaths.set(project.path.toLowerCase(), project);
      state.formerPaths.delete(to.toLowerCase());
      project.path = to;
    },
  };
}

/** A move creates a new issue in the other project and closes the old one, which then references the new id. */
function move(state: GitLabState, issue: Issue, to: Project, by: User): void {
  const at = state.now();
  const moved: Issue = {
    ...issue,
    id: state.nextId(),
    project: to,
    iid: takeIid(to),
    labels: issue.labels.flatMap((label) => to.labels.filter((one) => one.name === label.name)),
    milestone: null,
    notes: [...notesOf(state, issue)],
    links: [],
    updatedAt: at,
  };
  insertIssue(state, moved);
  const body = `moved to ${to.path}#${moved.iid}`;
  addNote(state, issue, { author: by, body, isSystem: true, at });
  changeIssue(issue, at, (one) => {
    setState(one, "closed", by, at);
    one.movedTo = moved;
  });
}

function applyFields(state: GitLabState, issue: Issue, fields: Partial<WorldFields>, by: User, at: number): void {
  // PostgreSQL texts cannot contain NUL.
  if (fields.title !== undefined) issue.title = fields.title.replaceAll("\u0000", "");
  if (fields.body !== undefined) issue.description = fields.body.replaceAll("\u0000", "");
  if (fields.labels !== undefined) {
    issue.labels = fields.labels.map((name) => findOrCreateLabel(state, issue.project, name));
  }
  if (fields.assignees !== undefined) issue.assignees = fields.assignees.map((login) => userOf(state, login));
  if (fields.state === undefined) return;
  if (fields.state !== "opened" && fields.state !== "closed") {
    throw new Error(`An issue on GitLab cannot be "${fields.state}".`);
  }
  setState(issue, fields.state, by, at);
}

function getIssue(state: GitLabState, nativeId: string): Issue {
  const byKey = /^(.+\/.+)[!#](\d+)$/.exec(nativeId);
  const issue = byKey
    ? getProject(state, byKey[1] ?? "").issues.get(Number(byKey[2]))
    : state.issuesById.get(Number(nativeId));
  if (issue === undefined) throw new Error(`There is no issue ${nativeId}.`);
  return issue;
}

/** The URL that GitLab's pages make of a project-relative path. */
function inFull(address: string, project: Project, origin: string): string {
  return `${origin}/-/project/${project.id}${address}`;
}

function toWorldIssue(issue: Issue, origin: string): WorldIssue {
  return {
    nativeId: String(issue.id),
    key: `!${issue.iid}`,
    sourceKey: issue.project.path,
    title: issue.title,
    body: (issue.description ?? "").replaceAll("](/uploads/", `](${inFull("/uploads/", issue.project, origin)}`),
    state: issue.state,
    labels: issue.labels.map(({ name }) => name),
    assignees: issue.assignees.map(({ login }) => login),
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    closed: issue.state === "closed",
  };
}
