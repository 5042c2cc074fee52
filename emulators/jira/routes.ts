import type { WireReply, WireRequest } from "../server/http-server.ts";
import { agileRoute } from "./agile-routes.ts";
import { commentsRoute, issueRoute } from "./issue-routes.ts";
import { myPermissions } from "./permissions.ts";
import type { Project } from "./records.ts";
import { errorReply, jsonReply, pageOf, replies } from "./replies.ts";
import type { RouteContext } from "./route-context.ts";
import { countIssues, searchCloud, searchDataCenter } from "./search.ts";
import { findProject } from "./state.ts";
import { addLink, removeLink } from "./write-links.ts";

/** Handles a request whose account is known. `path`: the part after the site's address. */
export function route(context: RouteContext, request: WireRequest, path: string): WireReply {
  const { state } = context;
  const isCloud = state.edition === "cloud";
  const api = /^\/rest\/api\/(2|3|latest)\/(.*)$/.exec(path);
  if (api !== null && (isCloud || api[1] !== "3")) return apiRoute(context, request, api[2] ?? "");
  const agile = /^\/rest\/agile\/1\.0\/(.*)$/.exec(path);
  if (agile !== null && request.method === "GET") return agileRoute(context, request, agile[1] ?? "");
  const file = /^\/secure\/(?:attachment|media)\/(\d+)(?:\/|$)/.exec(path)?.[1];
  if (file !== undefined && request.method === "GET") return fileRoute(context, Number(file));
  return replies.deadLink();
}

function apiRoute(context: RouteContext, request: WireRequest, path: string): WireReply {
  const { state, wire, account } = context;
  const isCloud = state.edition === "cloud";
  const parts = path.split("/").map(decodeURIComponent);
  switch (`${request.method} ${path}`) {
    case "POST search/jql":
      return isCloud ? searchCloud(context, request) : replies.deadLink();
    case "POST search/approximate-count":
      return isCloud ? countIssues(context, request) : replies.deadLink();
    case "GET search":
    case "POST search":
      return isCloud ? replies.removedSearch() : searchDataCenter(context, request);
  }
  // Writes must be JSON and declared as such.
  if (request.body !== "" && !/^application\/json\b/i.test(request.headers["content-type"] ?? "")) {
    return errorReply(415, ["Unsupported Media Type"]);
  }
  switch (parts[0]) {
    case "issue":
      return issueRoute(context, request, parts.slice(1));
    case "comment":
      return commentsRoute(context, request, parts.slice(1));
    case "issueLink":
      if (request.method === "POST" && parts.length === 1) return addLink(context, request);
      return request.method === "DELETE" && parts.length === 2
        ? removeLink(context, parts[1] ?? "")
        : replies.deadLink();
  }
  if (request.method !== "GET") return replies.deadLink();
  switch (parts[0]) {
    case "mypermissions":
      return myPermissions(context, request);
    case "myself":
      return jsonReply(200, {
        ...wire.user(account.user),
        emailAddress: account.user.email,
        timeZone: account.timeZone,
      });
    case "field":
      return jsonReply(200, wire.fields());
    case "priority":
      return jsonReply(
        200,
        state.priorities.map((one) => wire.named("priority", one)),
      );
    case "resolution":
      return jsonReply(
        200,
        state.resolutions.map((one) => wire.named("resolution", one)),
      );
    case "status":
      return jsonReply(
        200,
        state.statuses.map((one) => wire.status(one)),
      );
    case "issueLinkType": {
      const types = state.linkTypes.map(({ id, ...rest }) => ({ id: String(id), ...rest }));
      return jsonReply(200, { issueLinkTypes: types });
    }
    case "label":
      return isCloud ? labelRoute(context, request) : replies.deadLink();
    case "project":
      return projectRoute(context, request, parts.slice(1));
    case "user":
      if (path === "user") return userRoute(context, request);
      return path === "user/assignable/search" ? assignable(context, request) : replies.deadLink();
    case "attachment":
      return attachmentRoute(context, parts.slice(1));
    default:
      return replies.deadLink();
  }
}

function visibleProjects({ state, account }: RouteContext): Project[] {
  return state.projects.filter((project) => account.sees(project)).sort((a, b) => (a.key < b.key ? -1 : 1));
}

function projectRoute(context: RouteContext, request: WireRequest, parts: readonly string[]): WireReply {
  const { state, wire, account } = context;
  const [name, below] = parts;
  if (name === undefined)
    return jsonReply(
      200,
      visibleProjects(context).map((one) => wire.project(one, "list")),
    );
  if (name === "search" && below === undefined && state.edition === "cloud") {
    const page = pageOf(request, visibleProjects(context), 100);
    const self = `${state.baseUrl}/rest/api/3/project/search`;
    const next = `${self}?maxResults=${page.maxResults}&startAt=${page.startAt + page.values.length}`;
    return jsonReply(200, {
      self: `${self}?maxResults=${page.maxResults}&startAt=${page.startAt}`,
      ...(page.isLast ? {} : { nextPage: next }),
      ...page,
      values: page.values.map((one) => wire.project(one, "list")),
    });
  }
  const project = findProject(state, name);
  if (project === undefined || !account.sees(project)) return replies.noProject(name);
  if (below === undefined) return jsonReply(200, wire.project(project, "full"));
  if (below !== "statuses") return replies.deadLink();
  const statuses = project.workflow.statuses.map((status) => wire.status(status));
  return jsonReply(
    200,
    state.types.map(({ id, name: type, subtask }) => ({
      self: `${state.baseUrl}/rest/api/2/issuetype/${id}`,
      id: String(id),
      name: type,
      subtask,
      statuses,
    })),
  );
}

/** All labels of the instance, in order. */
function labelRoute(context: RouteContext, request: WireRequest): WireReply {
  const labels = new Set<string>();
  for (const project of context.state.projects) {
    for (const issue of project.issues.values()) for (const label of issue.labels) labels.add(label);
  }
  return jsonReply(200, pageOf(request, [...labels].sort(), 1_000));
}

function assignable({ state, wire, account }: RouteContext, request: WireRequest): WireReply {
  const key = request.query.get("project");
  if (key === null) {
    return errorReply(400, ["Either the 'project' or the 'issueKey' query parameter must be provided"]);
  }
  const project = findProject(state, key);
  if (project === undefined || !account.sees(project)) return replies.noProject(key);
  return jsonReply(
    200,
    pageOf(request, state.users, 1_000).values.map((user) => wire.user(user)),
  );
}

function userRoute({ state, wire }: RouteContext, request: WireRequest): WireReply {
  const key = request.query.get(state.edition === "cloud" ? "accountId" : "key");
  const user = state.users.find((one) => key === (state.edition === "cloud" ? one.accountId : one.key));
  return user === undefined
    ? errorReply(404, [`The user with the key '${key ?? ""}' does not exist`])
    : jsonReply(200, wire.user(user));
}

/** Cloud redirects to the file store. */
function attachmentRoute(context: RouteContext, parts: readonly string[]): WireReply {
  const { state } = context;
  const [name, id] = parts;
  const found = name === "content" ? findAttachment(context, Number(id)) : undefined;
  if (found === undefined || state.edition !== "cloud") {
    return errorReply(404, [`The attachment with id '${id ?? name ?? ""}' does not exist`]);
  }
  return { status: 303, headers: { Location: `${state.baseUrl}/secure/media/${found.id}` }, body: "" };
}

function fileRoute(context: RouteContext, id: number): WireReply {
  const found = findAttachment(context, id);
  if (found === undefined) return replies.deadLink();
  return { status: 200, headers: { "Content-Type": found.contentType }, body: "", content: found.content };
}

function findAttachment({ state, account }: RouteContext, id: number) {
  for (const issue of state.issuesById.values()) {
    const found = issue.attachments.find((one) => one.id === id);
    if (found !== undefined) return account.sees(issue.project) ? found : undefined;
  }
  return undefined;
}
