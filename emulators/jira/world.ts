import type { World, WorldFields, WorldIssue } from "../emulator.ts";
import { descriptionOf, toWireBody } from "./bodies.ts";
import { attachFile } from "./files.ts";
import { markdownToAdf } from "./markdown-to-adf.ts";
import { newIssue, takeNumber } from "./new-issue.ts";
import { type Issue, keyOf, type Named, type Project, type Status } from "./records.ts";
import { commentsOf } from "./seed-comments.ts";
import { typeOf } from "./seed.ts";
import {
  changeIssue,
  findIssue,
  findProject,
  findUser,
  insertIssue,
  type JiraState,
  loginOf,
  removeIssue,
  renameProject,
  setStatus,
} from "./state.ts";
import { attachmentUrl } from "./wire.ts";

/**
 * Native ids are numbers; keys (`BOOK-12`, also former ones) work too. A state is a status, or `Done (Duplicate)` with its resolution. A body is typed
 * markdown; Jira stores it as a document or wiki markup.
 */
export function createWorld(state: JiraState): World {
  const somebody = state.users[4];
  if (somebody === undefined) throw new Error("The seed has too few users.");

  return {
    issues(sourceKey) {
      const projects = sourceKey === undefined ? state.projects : [getProject(state, sourceKey)];
      return projects.flatMap((project) =>
        [...project.issues.values()]
          .sort((a, b) => a.createdAt - b.createdAt || a.id - b.id)
          .map((issue) => toWorldIssue(state, issue)),
      );
    },
    create(sourceKey, fields) {
      const project = getProject(state, sourceKey);
      const at = fields.updatedAt ?? state.now();
      const issue = newIssue(state, project, typeOf(state, "Task"), somebody, at);
      applyFields(state, issue, fields, at);
      insertIssue(state, issue);
      return toWorldIssue(state, issue);
    },
    edit(nativeId, fields) {
      const issue = getIssue(state, nativeId);
      const at = fields.updatedAt ?? state.now();
      changeIssue(state, issue, at, (one) => applyFields(state, one, fields, at));
      return toWorldIssue(state, issue);
    },
    comment(nativeId, body) {
      const issue = getIssue(state, nativeId);
      const at = state.now();
      const comments = commentsOf(state, issue);
      changeIssue(state, issue, at, () => {
        comments.push({
          id: state.nextId(),
          author: somebody,
          updateAuthor: somebody,
          body: markdownToAdf(body),
          createdAt: at,
          updatedAt: at,
          properties: new Map(),
        });
      });
    },
    comments: (nativeId) =>
      commentsOf(state, getIssue(state, nativeId)).map(({ id, body, author }) => ({
        id: String(id),
        body: JSON.stringify({ description: toWireBody(state.edition, body), attachments: [] }),
        login: loginOf(state, author),
      })),
    delete(nativeId) {
      removeIssue(state, getIssue(state, nativeId));
    },
    move(nativeId, sourceKey) {
      const project = getProject(state, sourceKey);
      changeIssue(state, getIssue(state, nativeId), state.now(), (issue) => {
        const { status } = issue;
        issue.project = project;
        issue.number = takeNumber(project);
        issue.sprints = [];
        // To the status of the same name, otherwise the first of the same category.
        const next =
          project.workflow.statuses.find((one) => one === status) ??
          project.workflow.statuses.find(({ category }) => category === status.category);
        if (next) issue.status = next;
      });
    },
    hideSource(sourceKey, hidden) {
      getProject(state, sourceKey).isHidden = hidden;
    },
    renameLabel(sourceKey, from, to) {
      const project = getProject(state, sourceKey);
      const folded = from.toLowerCase();
      const carriers = [...project.issues.values()].filter(({ labels }) =>
        labels.some((label) => label.toLowerCase() === folded),
      );
      if (carriers.length === 0) throw new Error(`${sourceKey} has no label ${from}.`);
      // Labels are plain strings, so change them on every issue.
      for (const issue of carriers) {
        changeIssue(state, issue, state.now(), (one) => {
          one.labels = one.labels.map((label) => (label.toLowerCase() === folded ? to : label));
        });
      }
    },
    renameState(sourceKey, from, to) {
      const { statuses } = getProject(state, sourceKey).workflow;
      const found = statuses.find(({ name }) => name.toLowerCase() === from.toLowerCase());
      if (found === undefined) throw new Error(`${sourceKey} has no status ${from}.`);
      found.name = to;
    },
    renamePerson(login, name) {
      const user = findUser(state, login);
      if (user === undefined) throw new Error(`There is nobody called ${login}.`);
      user.name = name;
    },
    attach(nativeId, file) {
      const issue = getIssue(state, nativeId);
      const at = state.now();
      let address = "";
      changeIssue(state, issue, at, (one) => {
        address = attachmentUrl(state, attachFile(state, one, file, somebody, at));
      });
      return address;
    },
    block(nativeId, byNativeId) {
      const type = state.linkTypes.find(({ name }) => name === "Blocks");
      const [to, from] = [getIssue(state, nativeId), getIssue(state, byNativeId)];
      if (type === undefined) throw new Error("There is no link type Blocks.");
      const link = { id: state.nextId(), type, from, to };
      for (const one of [from, to]) changeIssue(state, one, state.now(), ({ links }) => links.push(link));
    },
    malform(nativeId, how) {
      const { id } = getIssue(state, nativeId);
      if (how === null) state.malformed.delete(id);
      else state.malformed.set(id, how);
    },
    renameSource(from, to) {
      renameProject(state, getProject(state, from), to);
    },
    lagSearch(lagMs) {
      state.searchLagMs = lagMs;
    },
  };
}

function applyFields(state: JiraState, issue: Issue, fields: Partial<WorldFields>, at: number): void {
  if (fields.title !== undefined) issue.summary = fields.title;
  if (fields.body !== undefined) {
    issue.typed = fields.body;
    issue.document = null;
    issue.wiki = null;
  }
  if (fields.labels !== undefined) issue.labels = fields.labels.map((name) => name.replace(/\s+/g, "-"));
  if (fields.assignees !== undefined) {
    const [name] = fields.assignees;
    if (fields.assignees.length > 1) throw new Error("An issue in Jira has one assignee.");
    const user = name === undefined ? null : findUser(state, name);
    if (user === undefined) throw new Error(`There is no user ${name}.`);
    issue.assignee = user;
  }
  if (fields.state === undefined) return;
  const { status, resolution } = readState(state, issue.project, fields.state);
  setStatus(state, issue, status, resolution, at);
}

/** Parses `In Review` or `Done (Won't Do)`. */
function readState(state: JiraState, project: Project, text: string): { status: Status; resolution: Named | null } {
  const find = <T extends { readonly name: string }>(known: readonly T[], name: string) =>
    known.find((one) => one.name.toLowerCase() === name.toLowerCase());
  const { statuses } = project.workflow;
  const [, name = text, resolved] = /^(.*?) \((.*)\)$/.exec(text) ?? [];
  const status = find(statuses, text) ?? find(statuses, name);
  if (status === undefined) throw new Error(`${project.key} has no status ${text}.`);
  const resolution = resolved === undefined ? null : find(state.resolutions, resolved);
  if (resolution === undefined) throw new Error(`There is no resolution ${resolved}.`);
  return { status, resolution };
}

function getProject(state: JiraState, key: string): Project {
  const project = findProject(state, key);
  if (project === undefined) throw new Error(`There is no project ${key}.`);
  return project;
}

function getIssue(state: JiraState, nativeId: string): Issue {
  const issue = findIssue(state, nativeId);
  if (issue === undefined) throw new Error(`There is no issue ${nativeId}.`);
  return issue;
}

/** The stored body as JSON: the document or wiki markup, and the files it may embed, by path. */
function nativeBodyOf(state: JiraState, issue: Issue): string {
  const attachments = issue.attachments.map((one) => ({
    name: one.name,
    path: attachmentUrl(state, one).slice(state.baseUrl.length),
  }));
  return JSON.stringify({
    description: descriptionOf(state, issue),
    attachments,
  });
}

function toWorldIssue(state: JiraState, issue: Issue): WorldIssue {
  return {
    nativeId: String(issue.id),
    key: keyOf(issue),
    sourceKey: issue.project.key,
    title: issue.summary,
    body: issue.typed,
    nativeBody: nativeBodyOf(state, issue),
    state: issue.status.name,
    labels: issue.labels,
    assignees: issue.assignee === null ? [] : [loginOf(state, issue.assignee)],
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    closed: issue.status.category === "done",
  };
}
