import type { WireReply, WireRequest } from "../server/http-server.ts";
import { fileReply } from "../server/stored-files.ts";
import { canSee } from "./access.ts";
import { hookRoutes } from "./hook-routes.ts";
import { countIssues, listIssues } from "./list-issues.ts";
import { keysetReply, type ListAddress, pageOf } from "./paging.ts";
import { createParams } from "./params.ts";
import { mergeRequestRoutes } from "./merge-requests.ts";
import type { Issue, Project } from "./records.ts";
import { forbidden, jsonReply, movedPermanently, noRoute, notAllowed, notFound, projectNotFound } from "./replies.ts";
import type { RouteContext } from "./route-context.ts";
import { notesOf } from "./seed-notes.ts";
import { findProject } from "./state.ts";
import { discussionList, discussionRoutes } from "./discussions.ts";
import { createIssue, updateIssue } from "./write-issue.ts";
import { linkRoutes } from "./write-links.ts";
import { noteRoutes } from "./write-notes.ts";

/** Handles a request below `/api/v4` whose token is known. Writable: issues, their notes and links, merge requests, and webhooks. */
export function route(context: RouteContext, request: WireRequest, path: string): WireReply {
  const parts = path
    .split("/")
    .filter((part) => part !== "")
    .map(decodeURIComponent);
  const [first, second] = parts;
  const isWritten = first === "projects" && ["issues", "merge_requests", "hooks"].includes(parts[2] ?? "");
  if (request.method !== "GET" && !isWritten) return noRoute();
  if (first === "user" && parts.length === 1) return currentUser(context);
  if (path === "/personal_access_tokens/self") return tokenItself(context);
  if (path === "/version")
    return jsonReply(200, {
      version: `${context.edition.age}.${context.edition.hasKeyset ? "5.1" : "11.4"}${context.edition.isFree ? "" : "-ee"}`,
      revision: "emulator",
    });
  if (first === "issues" && parts.length === 1) {
    const projects = context.state.projects.filter((project) => canSee(context.account, project));
    const about = { request, url: `${context.api}/issues`, defaultScope: "created_by_me", id: null } as const;
    return listIssues(projects, { ...context, ...about });
  }
  if (first !== "projects") return noRoute();
  if (second === undefined) return projectList(context, request);
  return projectById(context, request, second, parts.slice(2));
}

function currentUser({ account, wire }: RouteContext): WireReply {
  return jsonReply(200, {
    ...wire.user(account.user),
    created_at: "2019-03-04T08:15:00.000Z",
    bio: "",
    email: account.user.email,
    two_factor_enabled: true,
    external: false,
    private_profile: false,
    commit_email: account.user.email,
  });
}

function tokenItself({ account }: RouteContext): WireReply {
  if (account.kind !== "personal")
    return jsonReply(400, { message: "400 Bad request - Token is not a personal access token" });
  return jsonReply(200, {
    id: account.user.id + 1,
    name: "Panopticon",
    revoked: false,
    created_at: "2026-09-01T09:00:00.000Z",
    description: null,
    scopes: account.scopes,
    user_id: account.user.id,
    last_used_at: "2026-11-20T09:00:00.000Z",
    active: true,
    expires_at: "2027-08-31",
  });
}

function projectList(context: RouteContext, request: WireRequest): WireReply {
  const params = createParams(request.query);
  const order = params.choice("order_by", ["id", "name", "path", "created_at", "last_activity_at"], "created_at");
  const sort = params.choice("sort", ["asc", "desc"], "desc");
  const page = params.page();
  params.flag("membership", false);
  const after = params.integer("id_after");
  const isKeyset = params.text("pagination") === "keyset";
  const refusal = params.refusal();
  if (refusal) return refusal;
  const sign = sort === "asc" ? 1 : -1;
  const projects = context.state.projects
    .filter((project) => canSee(context.account, project))
    .filter((project) => after === null || project.id > after)
    .toSorted((a, b) => sign * (order === "name" || order === "path" ? a.path.localeCompare(b.path) : a.id - b.id));
  const address: ListAddress = { url: `${context.api}/projects`, request };
  if (!isKeyset) return pageOf(projects, page, address, (project) => context.wire.project(project, context.account));
  if (order !== "id") return notAllowed("Keyset pagination is not yet available for this type of request");
  const window = projects.slice(0, page.perPage);
  const last = window.at(-1);
  const next = last && window.length < projects.length ? { id_after: String(last.id) } : null;
  return keysetReply(
    window.map((project) => context.wire.project(project, context.account)),
    next,
    address,
  );
}

function projectById(context: RouteContext, request: WireRequest, id: string, rest: readonly string[]): WireReply {
  const { state, account } = context;
  const byId = /^\d+$/.test(id) ? state.projects.find((one) => String(one.id) === id) : findProject(state, id);
  if (byId) return canSee(account, byId) ? belowProject(context, byId, request, rest) : projectNotFound();
  const renamed = state.formerPaths.get(id.toLowerCase());
  if (!renamed || !canSee(account, renamed)) return projectNotFound();
  // Since GitLab 16.7, a former path redirects to the id. https://docs.gitlab.com/api/rest/#redirects
  const below = rest.map((part) => `/${encodeURIComponent(part)}`).join("");
  const query = request.query.size > 0 ? `?${request.query.toString()}` : "";
  return movedPermanently(`${context.api}/projects/${renamed.id}${below}${query}`);
}

function belowProject(
  context: RouteContext,
  project: Project,
  request: WireRequest,
  [name, ...rest]: readonly string[],
): WireReply {
  const { wire, state } = context;
  if (name === undefined) {
    return request.method === "GET" ? jsonReply(200, wire.project(project, context.account)) : noRoute();
  }
  if (name === "hooks") return hookRoutes(context, project, request, rest);
  const url = `${context.api}/projects/${project.id}/${[name, ...rest].join("/")}`;
  const address: ListAddress = { url, request, defaults: { id: String(project.id) } };
  const list = <T>(items: readonly T[], toWire: (item: T) => object): WireReply => {
    const params = createParams(request.query);
    const page = params.page();
    return params.refusal() ?? pageOf(items, page, address, toWire);
  };
  if (name === "issues_statistics" && rest.length === 0) return countIssues([project], { ...context, request });
  if (name === "issues") return issueRoutes(context, project, request, rest, list);
  if (name === "merge_requests") return mergeRequestRoutes(context, project, request, rest);
  if (name === "uploads") {
    const file = project.uploads.get(rest.join("/"));
    return file ? fileReply(file) : notFound("Upload");
  }
  if (rest.length > (name === "members" ? 1 : 0)) return noRoute();
  switch (name) {
    case "labels":
      return list(
        project.labels.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
        (label) => ({ ...wire.label(label), subscribed: false, priority: null, is_project_label: !label.isGroupLabel }),
      );
    case "members":
      if (rest[0] !== undefined && rest[0] !== "all") return notFound("Member");
      return list(state.users, (user) => ({ ...wire.user(user), access_level: 30, membership_state: "active" }));
    case "users":
      return list(state.users, (user) => wire.user(user));
    case "milestones": {
      const params = createParams(request.query);
      const filter = params.choice("state", ["active", "closed", "all"], "all");
      const wanted = project.milestones.filter((one) => filter === "all" || one.isClosed === (filter === "closed"));
      return params.refusal() ?? list(wanted.toReversed(), (one) => wire.milestone(project, one));
    }
    case "iterations":
      if (context.edition.isFree) return noRoute();
      // Depends on the plan.
      return project.iterations.length === 0 ? forbidden() : list(project.iterations, (one) => wire.iteration(one));
    default:
      return noRoute();
  }
}

type List = <T>(items: readonly T[], toWire: (item: T) => object) => WireReply;

function issueRoutes(
  context: RouteContext,
  project: Project,
  request: WireRequest,
  [iid, ...rest]: readonly string[],
  list: List,
): WireReply {
  const { wire, account } = context;
  if (iid === undefined) {
    if (request.method === "POST") return createIssue(context, project, request);
    if (request.method !== "GET") return noRoute();
    const url = `${context.api}/projects/${project.id}/issues`;
    const about = { request, url, defaultScope: "all", id: String(project.id) } as const;
    return listIssues([project], { ...context, ...about });
  }
  if (!/^\d+$/.test(iid)) return jsonReply(400, { error: "issue_iid is invalid" });
  const issue = project.issues.get(Number(iid));
  if (rest[0] === "notes" && (request.method !== "GET" || rest.length > 1)) {
    return issue === undefined ? notFound("Issue") : noteRoutes(context, issue, request, rest.slice(1));
  }
  if (rest[0] === "discussions" && (request.method !== "GET" || rest.length > 1)) {
    return issue === undefined ? notFound("Issue") : discussionRoutes(context, issue, request, rest.slice(1));
  }
  if (issue === undefined) return notFound();
  if (rest[0] === "links" && (request.method !== "GET" || rest.length > 1)) {
    return linkRoutes(context, issue, request, rest.slice(1));
  }
  if (request.method === "PUT" && rest.length === 0) return updateIssue(context, issue, request);
  if (request.method !== "GET") return noRoute();
  switch (rest.join("/")) {
    case "":
      return jsonReply(200, { ...wire.issue(issue, { withLabelsDetails: false }), subscribed: false });
    case "notes":
      return noteList(context, issue, request, list);
    case "discussions":
      return list(discussionList(context, issue), (discussion) => discussion);
    case "links":
      return list(
        issue.links.filter(({ from, to }) => canSee(account, (from === issue ? to : from).project)),
        (link) => wire.related(link, issue),
      );
    case "participants":
      return list([issue.author, ...issue.assignees.filter((user) => user !== issue.author)], (user) =>
        wire.user(user),
      );
    default:
      return noRoute();
  }
}

function noteList({ state, wire }: RouteContext, issue: Issue, request: WireRequest, list: List): WireReply {
  const params = createParams(request.query);
  params.choice("order_by", ["created_at", "updated_at"], "created_at");
  const sort = params.choice("sort", ["asc", "desc"], "desc");
  const filter = params.choice("activity_filter", ["all_notes", "only_comments", "only_activity"], "all_notes");
  const refusal = params.refusal();
  if (refusal) return refusal;
  const wanted = notesOf(state, issue).filter(
    ({ isSystem }) => filter === "all_notes" || isSystem === (filter === "only_activity"),
  );
  return list(sort === "asc" ? wanted : wanted.toReversed(), (note) => wire.note(issue, note));
}
