import type { WireReply, WireRequest } from "../server/http-server.ts";
import { canSee } from "./access.ts";
import { hookRoutes } from "./hook-routes.ts";
import { listIssues } from "./list-issues.ts";
import { pageOf } from "./paging.ts";
import { pullRoutes } from "./pulls.ts";
import type { Issue, Repo } from "./records.ts";
import { docs, jsonReply, messageReply, redirected, notFound } from "./replies.ts";
import type { RouteContext } from "./route-context.ts";
import { searchIssues } from "./search-issues.ts";
import { commentsOf } from "./seed-comments.ts";
import { findRepo } from "./state.ts";
import { createComment, oneComment } from "./write-comments.ts";
import { createIssue, editIssue } from "./write-issue.ts";
import { changeBlockers, changeChildren } from "./write-links.ts";
import { changeAssignees, changeLabels } from "./write-sets.ts";

/** Handles the part of a path below a repository that was found and is visible. */
type RepoRoute = (context: RouteContext, repo: Repo, request: WireRequest, parts: readonly string[]) => WireReply;

/** Handles a request whose token is known. Paths are those of the published API; others are 404. */
export function route(context: RouteContext, request: WireRequest, path: string): WireReply {
  const parts = path
    .split("/")
    .filter((part) => part !== "")
    .map(decodeURIComponent);
  if (request.method !== "GET" && parts[0] !== "repos" && parts[0] !== "repositories") return notFound(docs.root);
  switch (parts[0]) {
    case undefined:
      return jsonReply(200, { current_user_url: `${context.origin}/user` });
    case "user":
      return parts.length === 1
        ? currentUser(context)
        : parts[1] === "repos"
          ? userRepos(context, request)
          : notFound(docs.root);
    case "search":
      if (parts[1] === "issues") return searchIssues(context.state, context.wire, context.account, request, context);
      return notFound(docs.root);
    case "orgs":
      if (parts[1]?.toLowerCase() === context.state.organisation.login && parts[2] === "repos") {
        return repoList(context, request, `${context.origin}/orgs/${parts[1]}/repos`);
      }
      if (parts[1]?.toLowerCase() === context.state.organisation.login && parts[2] === "issue-types") {
        return issueTypes(context);
      }
      return notFound(docs.root);
    case "repos":
      return repoByName(context, request, parts);
    case "repositories": {
      const repo = context.state.repos.find((one) => String(one.id) === parts[1]);
      if (!repo || !canSee(context.account, repo)) return notFound(docs.repo);
      return belowRepo(context, repo, request, parts.slice(2));
    }
    default:
      return notFound(docs.root);
  }
}

function currentUser({ account, wire }: RouteContext): WireReply {
  if (account.user === null) {
    return messageReply(
      401,
      "Requires authentication",
      "https://docs.github.com/rest/users/users#get-the-authenticated-user",
    );
  }
  return jsonReply(200, wire.privateUser(account.user));
}

/** Classic tokens need `read:org`. https://docs.github.com/en/rest/orgs/issue-types */
function issueTypes({ account, state, wire }: RouteContext): WireReply {
  if (!account.scopes.some((scope) => scope === "read:org" || scope === "admin:org") && account.issues === null) {
    return notFound(docs.types);
  }
  return jsonReply(
    200,
    state.types.map((type) => wire.issueType(type)),
  );
}

function userRepos(context: RouteContext, request: WireRequest): WireReply {
  if (context.account.user === null) return messageReply(401, "Requires authentication", docs.repo);
  return repoList(context, request, `${context.origin}/user/repos`);
}

function repoList(context: RouteContext, request: WireRequest, base: string): WireReply {
  const visibility = request.query.get("visibility") ?? "all";
  const repos = context.state.repos
    .filter((repo) => canSee(context.account, repo))
    .filter((repo) => visibility === "all" || (visibility === "private") === repo.isPrivate)
    .toSorted((a, b) => a.fullName.localeCompare(b.fullName));
  const page = pageOf(repos, base, request);
  return jsonReply(
    200,
    page.items.map((repo) => context.wire.repo(repo, "list", context.account)),
    page.headers,
  );
}

function repoByName(context: RouteContext, request: WireRequest, parts: readonly string[]): WireReply {
  const fullName = `${parts[1] ?? ""}/${parts[2] ?? ""}`;
  const repo = findRepo(context.state, fullName);
  if (repo)
    return canSee(context.account, repo) ? belowRepo(context, repo, request, parts.slice(3)) : notFound(docs.repo);
  const renamed = context.state.formerNames.get(fullName.toLowerCase());
  if (!renamed || !canSee(context.account, renamed)) return notFound(docs.repo);
  const rest = parts
    .slice(3)
    .map((part) => `/${encodeURIComponent(part)}`)
    .join("");
  const query = request.query.size > 0 ? `?${request.query.toString()}` : "";
  const how = request.method === "GET" ? 301 : 307;
  return redirected(`${context.origin}/repositories/${renamed.id}${rest}${query}`, how);
}

/** By the first path segment below a repository. */
const repoRoutes: Readonly<Record<string, RepoRoute>> = {
  issues: issueRoutes,
  pulls: pullRoutes,
  labels: ({ wire, origin }, repo, request, parts) => {
    const name = parts[0];
    if (name === undefined) {
      const page = pageOf(repo.labels, `${origin}/repositories/${repo.id}/labels`, request);
      return jsonReply(
        200,
        page.items.map((label) => wire.label(repo, label)),
        page.headers,
      );
    }
    const label = repo.labels.find((one) => one.name.toLowerCase() === name.toLowerCase());
    return label ? jsonReply(200, wire.label(repo, label)) : notFound(docs.repo);
  },
  assignees: ({ state, wire, origin }, repo, request, parts) => {
    const login = parts[0];
    if (login !== undefined) {
      const isAssignable = state.users.some((user) => user.login.toLowerCase() === login.toLowerCase());
      return isAssignable ? { status: 204, body: "" } : notFound(docs.repo);
    }
    const page = pageOf(state.users, `${origin}/repositories/${repo.id}/assignees`, request);
    return jsonReply(
      200,
      page.items.map((user) => wire.user(user)),
      page.headers,
    );
  },
  milestones: ({ wire, origin }, repo, request, parts) => {
    const number = parts[0];
    if (number !== undefined) {
      const found = repo.milestones.find((one) => String(one.number) === number);
      return found ? jsonReply(200, wire.milestone(repo, found)) : notFound(docs.repo);
    }
    const filter = request.query.get("state") ?? "open";
    const wanted = repo.milestones.filter(
      (one) => filter === "all" || (filter === "closed") === (one.closedAt !== null),
    );
    const sign = request.query.get("direction") === "desc" ? -1 : 1;
    const sorted = wanted.toSorted((a, b) => sign * ((a.dueOn ?? Infinity) - (b.dueOn ?? Infinity)));
    const page = pageOf(sorted, `${origin}/repositories/${repo.id}/milestones`, request);
    return jsonReply(
      200,
      page.items.map((one) => wire.milestone(repo, one)),
      page.headers,
    );
  },
};

function belowRepo(context: RouteContext, repo: Repo, request: WireRequest, parts: readonly string[]): WireReply {
  const [name, ...rest] = parts;
  if (name === "hooks") return hookRoutes(context, repo, request, rest);
  if (request.method !== "GET" && name !== "issues" && name !== "pulls") return notFound(docs.root);
  if (name === undefined) return jsonReply(200, context.wire.repo(repo, "full", context.account));
  const next = repoRoutes[name];
  return next ? next(context, repo, request, rest) : notFound(docs.root);
}

function issueRoutes(context: RouteContext, repo: Repo, request: WireRequest, parts: readonly string[]): WireReply {
  const [numberText, ...rest] = parts;
  if (numberText === undefined) {
    if (request.method === "POST") return createIssue(context, repo, request);
    if (request.method !== "GET") return notFound(docs.root);
    return listIssues(context.state, context.wire, repo, request, context);
  }
  if (numberText === "comments" && rest[0] !== undefined) return oneComment(context, repo, request, rest[0]);
  const number = Number(numberText);
  const issue = repo.issues.get(number);
  if (issue && request.method !== "GET") return writeRoute(context, issue, request, rest);
  if (issue) return issueRoute(context, issue, request, rest.join("/"));
  const departed = repo.departed.get(number);
  if (departed?.kind === "deleted") return messageReply(410, "This issue was deleted", docs.issue);
  if (departed?.kind === "transferred" && canSee(context.account, departed.to.repo)) {
    const { to } = departed;
    const suffix = rest.map((part) => `/${part}`).join("");
    return redirected(`${context.origin}/repositories/${to.repo.id}/issues/${to.number}${suffix}`);
  }
  return notFound(docs.issue);
}

function writeRoute(context: RouteContext, issue: Issue, request: WireRequest, rest: readonly string[]): WireReply {
  const [name = "", second, third] = rest;
  const call = `${request.method} ${name}${second === undefined ? "" : name === "dependencies" ? `/${second}` : "/…"}`;
  switch (call) {
    case "PATCH ":
      return editIssue(context, issue, request);
    case "POST labels":
      return changeLabels(context, issue, request);
    case "DELETE labels/…":
      return changeLabels(context, issue, request, second);
    case "POST assignees":
    case "DELETE assignees":
      return changeAssignees(context, issue, request);
    case "POST comments":
      return createComment(context, issue, request);
    case "POST sub_issues":
    case "DELETE sub_issue":
      return changeChildren(context, issue, request);
    case "POST dependencies/blocked_by":
    case "DELETE dependencies/blocked_by":
      return changeBlockers(context, issue, request, third);
    default:
      return notFound(docs.root);
  }
}

function issueRoute(context: RouteContext, issue: Issue, request: WireRequest, rest: string): WireReply {
  const { wire, origin, version } = context;
  const base = `${origin}/repositories/${issue.repo.id}/issues/${issue.number}/${rest}`;
  const list = (issues: readonly Issue[]): WireReply => {
    const visible = issues.filter((one) => canSee(context.account, one.repo));
    const page = pageOf(visible, base, request);
    return jsonReply(
      200,
      page.items.map((one) => wire.issue(one, { version })),
      page.headers,
    );
  };
  switch (rest) {
    case "":
      return jsonReply(200, wire.issue(issue, { version, alone: true }));
    case "comments": {
      const since = Date.parse(request.query.get("since") ?? "");
      const comments = commentsOf(context.state, issue).filter((one) => Number.isNaN(since) || one.updatedAt >= since);
      const page = pageOf(comments, base, request);
      return jsonReply(
        200,
        page.items.map((one) => wire.comment(issue, one)),
        page.headers,
      );
    }
    case "labels": {
      const page = pageOf(issue.labels, base, request);
      return jsonReply(
        200,
        page.items.map((label) => wire.label(issue.repo, label)),
        page.headers,
      );
    }
    case "sub_issues":
      return list(issue.children);
    case "parent":
      return issue.parent ? jsonReply(200, wire.issue(issue.parent, { version })) : notFound(docs.issue);
    case "dependencies/blocked_by":
      return list(issue.blockedBy);
    case "dependencies/blocking":
      return list(issue.blocking);
    default:
      return notFound(docs.root);
  }
}
