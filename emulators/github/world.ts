import { openGitFolder } from "../server/git-folder.ts";
import type { World, WorldFields, WorldIssue } from "../emulator.ts";
import type { Issue, Repo, StateReason, User } from "./records.ts";
import { linkTo, storeFile } from "./files.ts";
import { commentsOf } from "./seed-comments.ts";
import {
  changeIssue,
  findOrCreateLabel,
  findRepo,
  type GitHubState,
  insertIssue,
  makeIssue,
  removeIssue,
  setIssueState,
  toSecond,
  userOf,
} from "./state.ts";

/** Native ids are `id` as text; `node_id`s and `owner/repo#number` work too. Pull requests are not listed. */
export function createWorld(state: GitHubState): World {
  const somebody = state.users[4];
  if (somebody === undefined) throw new Error("The seed has too few users.");

  return {
    issues(sourceKey) {
      const repos = sourceKey === undefined ? state.repos : [getRepo(state, sourceKey)];
      return repos.flatMap((repo) => repo.byCreation.all.items.filter((issue) => !issue.isPull).map(toWorldIssue));
    },
    create(sourceKey, fields) {
      const repo = getRepo(state, sourceKey);
      const at = fields.updatedAt === undefined ? state.stamp() : toSecond(fields.updatedAt);
      const issue = makeIssue(state, repo, at, somebody);
      insertIssue(state, issue);
      changeIssue(issue, at, (one) => applyFields(state, one, fields, somebody, at));
      return toWorldIssue(issue);
    },
    edit(nativeId, fields) {
      const issue = getIssue(state, nativeId);
      const at = fields.updatedAt === undefined ? state.stamp() : toSecond(fields.updatedAt);
      changeIssue(issue, at, (one) => applyFields(state, one, fields, somebody, at));
      return toWorldIssue(issue);
    },
    comment(nativeId, body) {
      const issue = getIssue(state, nativeId);
      const at = state.stamp();
      const comments = commentsOf(state, issue);
      changeIssue(issue, at, (one) => {
        comments.push({ id: state.nextId(), user: somebody, body, createdAt: at, updatedAt: at });
        one.commentCount = comments.length;
      });
    },
    comments: (nativeId) =>
      commentsOf(state, getIssue(state, nativeId)).map(({ id, body, user }) => ({
        id: String(id),
        body,
        login: user.login,
      })),
    delete(nativeId) {
      const issue = getIssue(state, nativeId);
      removeIssue(state, issue);
      issue.repo.departed.set(issue.number, { kind: "deleted" });
    },
    move(nativeId, sourceKey) {
      transfer(state, getIssue(state, nativeId), getRepo(state, sourceKey));
    },
    hideSource(sourceKey, hidden) {
      getRepo(state, sourceKey).isHidden = hidden;
    },
    renameLabel(sourceKey, from, to) {
      const repo = getRepo(state, sourceKey);
      const label = repo.labels.find((one) => one.name.toLowerCase() === from.toLowerCase());
      if (label === undefined) throw new Error(`${sourceKey} has no label ${from}.`);
      // As on GitHub, issues with the label keep their update time.
      label.name = to;
      repo.version += 1;
    },
    renamePerson(login, to) {
      userOf(state, login).login = to;
      for (const repo of state.repos) repo.version += 1;
    },
    attach(nativeId, file) {
      const issue = getIssue(state, nativeId);
      const address = storeFile(state, file);
      changeIssue(issue, state.stamp(), (one) => {
        one.body = `${one.body ?? ""}\n\n${linkTo(file, address)}`.trim();
      });
      return address;
    },
    block(nativeId, byNativeId) {
      const issue = getIssue(state, nativeId);
      const by = getIssue(state, byNativeId);
      changeIssue(issue, state.stamp(), (one) => one.blockedBy.push(by));
      by.blocking.push(issue);
      by.repo.version += 1;
    },
    malform(nativeId, how) {
      const issue = getIssue(state, nativeId);
      issue.malformed = how;
      issue.repo.version += 1;
    },
    keepCode(sourceKey, folder) {
      getRepo(state, sourceKey).git = openGitFolder(folder);
    },
    renameSource(from, to) {
      const repo = getRepo(state, from);
      state.formerNames.set(repo.fullName.toLowerCase(), repo);
      state.formerNames.delete(to.toLowerCase());
      repo.fullName = to;
      repo.version += 1;
    },
  };
}

/** A transferred issue gets a new id, number and URL; the old URL redirects. Labels are matched by name. */
function transfer(state: GitHubState, issue: Issue, to: Repo): void {
  const at = state.stamp();
  const comments = commentsOf(state, issue);
  removeIssue(state, issue);
  const moved: Issue = {
    ...issue,
    id: state.nextId(),
    repo: to,
    number: takeNumber(to),
    labels: issue.labels.flatMap((label) => to.labels.filter((one) => one.name === label.name)),
    milestone: null,
    comments,
    updatedAt: at,
    parent: null,
    children: [],
    blockedBy: [],
    blocking: [],
  };
  insertIssue(state, moved);
  issue.repo.departed.set(issue.number, { kind: "transferred", to: moved });
}

function applyFields(state: GitHubState, issue: Issue, fields: Partial<WorldFields>, by: User, at: number): void {
  if (fields.title !== undefined) issue.title = fields.title;
  if (fields.body !== undefined) issue.body = fields.body === "" ? null : fields.body;
  if (fields.labels !== undefined) {
    // A set: the calls that add labels count on it.
    issue.labels = [...new Set(fields.labels.map((name) => findOrCreateLabel(state, issue.repo, name)))];
  }
  if (fields.assignees !== undefined) issue.assignees = fields.assignees.map((login) => userOf(state, login));
  if (fields.state === undefined) return;
  const [next, reason = "completed"] = fields.state.split(":");
  if (next !== "open" && next !== "closed") throw new Error(`An issue on GitHub cannot be "${fields.state}".`);
  if (!["completed", "not_planned", "duplicate", "reopened"].includes(reason)) {
    throw new Error(`"${reason}" is no reason on GitHub.`);
  }
  if (issue.state === next && next === "closed") issue.stateReason = reason as StateReason;
  setIssueState(issue, next, reason as StateReason, by, at);
}

function takeNumber(repo: Repo): number {
  const number = repo.nextNumber;
  repo.nextNumber += 1;
  return number;
}

function getRepo(state: GitHubState, key: string): Repo {
  const repo = findRepo(state, key);
  if (repo === undefined) throw new Error(`There is no repository ${key}.`);
  return repo;
}

function getIssue(state: GitHubState, nativeId: string): Issue {
  const byKey = /^(.+\/.+)#(\d+)$/.exec(nativeId);
  const decoded = /^I_(.+)$/.exec(nativeId)?.[1];
  const id = decoded === undefined ? nativeId : (Buffer.from(decoded, "base64url").toString().split(":")[1] ?? "");
  const issue = byKey ? getRepo(state, byKey[1] ?? "").issues.get(Number(byKey[2])) : state.issuesById.get(Number(id));
  if (issue === undefined) throw new Error(`There is no issue ${nativeId}.`);
  return issue;
}

function toWorldIssue(issue: Issue): WorldIssue {
  const reason = issue.stateReason === "completed" || issue.stateReason === null ? "" : `:${issue.stateReason}`;
  return {
    nativeId: String(issue.id),
    key: `#${issue.number}`,
    sourceKey: issue.repo.fullName,
    title: issue.title,
    body: issue.body ?? "",
    state: issue.state === "open" ? "open" : `closed${reason}`,
    labels: issue.labels.map(({ name }) => name),
    assignees: issue.assignees.map(({ login }) => login),
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    closed: issue.state === "closed",
  };
}
