import type { World, WorldFields, WorldIssue } from "../emulator.ts";
import { storeFile } from "./files.ts";
import { setState } from "./issue-state.ts";
import { emptyIssue, takeNumber } from "./new-issue.ts";
import {
  type Author,
  byUser,
  identifierOf,
  type Issue,
  type IssueLabel,
  type Team,
  type WorkflowState,
} from "./records.ts";
import { attachmentsOf, commentsOf } from "./seed-comments.ts";
import { changeIssue, insertIssue, link, type LinearState, removeIssue, userOf } from "./state.ts";

/** Native ids are UUIDs; identifiers (`APP-12`) work too. Archived issues are listed, their state unchanged. */
export function createWorld(state: LinearState): World {
  const somebody = state.users[4];
  if (somebody === undefined) throw new Error("The seed has too few users.");

  return {
    issues(sourceKey) {
      const indexes = sourceKey === undefined ? state.issues : getTeam(state, sourceKey).issues;
      return indexes.byCreation.items.map(toWorldIssue);
    },
    create(sourceKey, fields) {
      const team = getTeam(state, sourceKey);
      const at = fields.updatedAt ?? state.now();
      const issue = emptyIssue(team, { id: state.uuid(), at, creator: somebody });
      insertIssue(state, issue);
      changeIssue(state, issue, at, (one) => applyFields(state, one, fields, at));
      return toWorldIssue(issue);
    },
    edit(nativeId, fields) {
      const issue = getIssue(state, nativeId);
      const at = fields.updatedAt ?? state.now();
      changeIssue(state, issue, at, (one) => applyFields(state, one, fields, at));
      return toWorldIssue(issue);
    },
    comment(nativeId, body) {
      const issue = getIssue(state, nativeId);
      const at = state.now();
      const comments = commentsOf(state, issue);
      changeIssue(state, issue, at, () => {
        const id = state.uuid();
        const comment = {
          id,
          createdAt: at,
          updatedAt: at,
          issue,
          ...byUser(somebody),
          parent: null,
          body,
          editedAt: null,
        };
        comments.push(comment);
        state.comments.set(id, comment);
      });
    },
    comments(nativeId) {
      const comments = commentsOf(state, getIssue(state, nativeId));
      return comments.map(({ id, body, ...author }) => ({ id, body, login: nameOfAuthor(author) }));
    },
    delete(nativeId) {
      removeIssue(state, getIssue(state, nativeId));
    },
    move(nativeId, sourceKey) {
      const team = getTeam(state, sourceKey);
      changeIssue(state, getIssue(state, nativeId), state.now(), (issue) => {
        const labels = issue.labels.filter((label) => label.team === null);
        issue.state = matchingState(team, issue.state);
        issue.team = team;
        issue.number = takeNumber(team);
        issue.labels = labels;
        issue.cycle = null;
      });
    },
    hideSource(sourceKey, hidden) {
      getTeam(state, sourceKey).isHidden = hidden;
    },
    renameLabel(sourceKey, from, to) {
      const team = getTeam(state, sourceKey);
      const label = [...team.labels, ...state.labels].find((one) => one.name.toLowerCase() === from.toLowerCase());
      if (label === undefined) throw new Error(`${sourceKey} has no label ${from}.`);
      label.name = to;
      label.updatedAt = state.now();
    },
    renameState(sourceKey, from, to) {
      const found = getTeam(state, sourceKey).states.find((one) => one.name.toLowerCase() === from.toLowerCase());
      if (found === undefined) throw new Error(`${sourceKey} has no state ${from}.`);
      found.name = to;
      found.updatedAt = state.now();
    },
    renamePerson(login, name) {
      const user = state.users.find((one) => one.displayName === login);
      if (user === undefined) throw new Error(`There is nobody called ${login}.`);
      user.name = name;
      user.updatedAt = state.now();
    },
    attach(nativeId, file) {
      const issue = getIssue(state, nativeId);
      const at = state.now();
      const url = storeFile(state, file);
      const attachments = attachmentsOf(issue);
      changeIssue(state, issue, at, () => {
        attachments.push({
          id: state.uuid(),
          createdAt: at,
          updatedAt: at,
          issue,
          title: file.name,
          subtitle: null,
          url,
          sourceType: "unknown",
          creator: somebody,
        });
      });
      return url;
    },
    block(nativeId, byNativeId) {
      const at = state.now();
      const issue = getIssue(state, nativeId);
      const by = getIssue(state, byNativeId);
      link({ id: state.uuid(), createdAt: at, updatedAt: at, type: "blocks", issue: by, relatedIssue: issue });
      for (const one of [issue, by]) changeIssue(state, one, at, () => undefined);
    },
    malform(nativeId, how) {
      const { id } = getIssue(state, nativeId);
      if (how === null) state.malformed.delete(id);
      else state.malformed.set(id, how);
    },
    archive(nativeId, how) {
      const at = state.now();
      changeIssue(state, getIssue(state, nativeId), at, (issue) => {
        issue.archivedAt = how === null ? null : at;
        issue.trashed = how === "trashed" ? true : null;
      });
    },
  };
}

function nameOfAuthor({ user, externalUser, botActor }: Author): string {
  return (user ?? externalUser)?.displayName ?? botActor?.userDisplayName ?? botActor?.name ?? "";
}

function applyFields(state: LinearState, issue: Issue, fields: Partial<WorldFields>, at: number): void {
  if (fields.title !== undefined) issue.title = fields.title;
  if (fields.body !== undefined) issue.description = fields.body === "" ? null : fields.body;
  if (fields.labels !== undefined)
    issue.labels = fields.labels.map((name) => findOrCreateLabel(state, issue.team, name));
  if (fields.assignees !== undefined) {
    const [login] = fields.assignees;
    if (fields.assignees.length > 1) throw new Error("An issue in Linear has one assignee.");
    issue.assignee = login === undefined ? null : userOf(state, login);
  }
  if (fields.state === undefined) return;
  const name = fields.state.toLowerCase();
  const next = issue.team.states.find((one) => one.name.toLowerCase() === name);
  if (next === undefined) throw new Error(`${issue.team.key} has no state ${fields.state}.`);
  setState(issue, next, at);
}

/** The state an issue gets when moved, as in Linear: the one of the same name, otherwise the first of the same type. */
function matchingState(team: Team, from: WorkflowState): WorkflowState {
  const to =
    team.states.find(({ name }) => name === from.name) ??
    team.states.find(({ type }) => type === from.type) ??
    team.states.find(({ type }) => type === "backlog");
  if (to === undefined) throw new Error(`${team.key} has no state for ${from.name}.`);
  return to;
}

function findOrCreateLabel(state: LinearState, team: Team, name: string): IssueLabel {
  const found = [...state.labels, ...team.labels].find((label) => label.name.toLowerCase() === name.toLowerCase());
  if (found) return found;
  const at = state.now();
  const label: IssueLabel = {
    id: state.uuid(),
    createdAt: at,
    updatedAt: at,
    team,
    name,
    color: "#bec2c8",
    description: null,
    isGroup: false,
    parent: null,
  };
  team.labels.push(label);
  return label;
}

function getTeam(state: LinearState, key: string): Team {
  const team = state.teams.find((one) => one.key === key || one.id === key);
  if (team === undefined) throw new Error(`There is no team ${key}.`);
  return team;
}

function getIssue(state: LinearState, nativeId: string): Issue {
  const issue = state.byId.get(nativeId) ?? state.byIdentifier.get(nativeId.toUpperCase());
  if (issue === undefined) throw new Error(`There is no issue ${nativeId}.`);
  return issue;
}

const closedTypes = ["completed", "canceled", "duplicate"];

function toWorldIssue(issue: Issue): WorldIssue {
  return {
    nativeId: issue.id,
    key: identifierOf(issue),
    sourceKey: issue.team.key,
    title: issue.title,
    body: issue.description ?? "",
    state: issue.state.name,
    labels: issue.labels.map(({ name }) => name),
    assignees: issue.assignee === null ? [] : [issue.assignee.displayName],
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    closed: closedTypes.includes(issue.state.type),
  };
}
