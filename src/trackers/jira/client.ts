import type { z } from "zod";
import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import type { HttpClient, HttpRequest, HttpResponse } from "../http/http-client.ts";
import { parseBody } from "../http/parse-body.ts";
import { createOwnWrites } from "./own-writes.ts";
import {
  BoardPage,
  CommentPage,
  Count,
  CreateFields,
  type CreateType,
  CreateTypes,
  Field,
  Issue,
  IssueTypeStatuses,
  IssueWithText,
  LabelPage,
  Named,
  Permissions,
  Project,
  ProjectPage,
  SearchAnswer,
  ServerInfo,
  type Sprint,
  SprintPage,
  TenantInfo,
  User,
} from "./schema.ts";

const tracker = "jira";

/** Issues with fields: Cloud gives about as many, Data Center as many as its administrator allows. */
export const pageSize = 100;
/** Ids alone. */
const idPageSize = 5_000;
const smallPageSize = 100;
const largePageSize = 1_000;
const metaPageSize = 200;

/** An instance can have more labels than anybody picks from; those of the issues themselves come with them. */
const mostLabelPages = 5;
const mostBoards = 5;
const mostSprintPages = 10;

/** Which Jira this is. */
export type Site = {
  readonly isCloud: boolean;
  readonly api: "/rest/api/3" | "/rest/api/2";
  /** Where people read issues: `https://site.atlassian.net`, also when the API is asked through the gateway. */
  readonly webUrl: string;
};

/** Ids of the custom fields that are read; they differ from one Jira to the next. */
export type CustomFields = {
  readonly sprints: readonly string[];
  readonly points: readonly string[];
  readonly epicLinks: readonly string[];
};

export type SearchRequest = {
  readonly jql: string;
  readonly fields: readonly string[];
  readonly maxResults: number;
  /** Cloud: what the page before gave. */
  readonly token?: string | null;
  /** Cloud: ids of issues whose latest writes have to show; the same for all pages of a list. */
  readonly reconcile?: readonly number[];
  /** Cloud: keys of what programs keep with the issues. */
  readonly properties?: readonly string[];
};

export type SearchPage = {
  readonly records: readonly unknown[];
  /** Whether there is more: by token in Cloud, else to be asked for by time or key. */
  readonly more: boolean;
  readonly token: string | null;
  readonly requestedAt: number;
  readonly serverTime: number | null;
};

export type JiraClient = ReturnType<typeof createJiraClient>;

/** Jira's endpoints as functions, for Cloud and Data Center; which one it is is asked once. */
export function createJiraClient(given: HttpClient) {
  /** How much the server's clock is ahead of this machine's. */
  let aheadMs = 0;
  const http: HttpClient = {
    ...given,
    async request(request) {
      const response = await given.request(request);
      if (response.serverTime !== null) aheadMs = response.serverTime - response.requestedAt;
      return response;
    },
  };
  const ownWrites = createOwnWrites(() => http.serverNow());

  const once = <T>(ask: (signal?: AbortSignal) => Promise<T>) => {
    let known: T | undefined;
    return async (signal?: AbortSignal, fresh = false): Promise<T> => {
      if (known === undefined || fresh) known = await ask(signal);
      return known;
    };
  };

  const getSite = once(async (signal): Promise<Site> => {
    const response = await http.request({ url: "/rest/api/2/serverInfo", signal }).catch((error: unknown) => {
      if (!isPanopticonError(error) || (error.code !== "not_found" && error.code !== "invalid_response")) throw error;
      throw new PanopticonError("not_found", `There is no Jira at ${http.baseUrl}.`, {
        tracker,
        hint: "Set JIRA_URL to https://SITE.atlassian.net, or to the address of your Data Center with its context path, such as https://HOST/jira.",
        request: error.request,
        cause: error,
      });
    });
    const info = parse(ServerInfo, response, "serverInfo");
    const isCloud = info.deploymentType === "Cloud";
    return {
      isCloud,
      api: isCloud ? "/rest/api/3" : "/rest/api/2",
      webUrl: (URL.canParse(info.baseUrl) ? info.baseUrl : http.baseUrl).replace(/\/+$/, ""),
    };
  });

  const getCustomFields = once(async (signal): Promise<CustomFields> => {
    const fields = parse(Field.array(), await get("/field", {}, signal), "field");
    const kind = (name: string) => fields.filter(({ schema }) => schema?.custom === name).map(({ id }) => id);
    return {
      sprints: kind("com.pyxis.greenhopper.jira:gh-sprint"),
      points: [
        ...fields
          .filter(({ name, schema }) => name === "Story Points" && schema?.custom?.endsWith(":float"))
          .map(({ id }) => id),
        ...kind("com.pyxis.greenhopper.jira:jsw-story-points"),
      ],
      epicLinks: kind("com.pyxis.greenhopper.jira:gh-epic-link"),
    };
  });

  function parse<T>(schema: z.ZodType<T>, response: HttpResponse, what: string): T {
    return parseBody(schema, response.body, { tracker, what });
  }

  async function get(
    path: string,
    query: NonNullable<HttpRequest["query"]>,
    signal: AbortSignal | undefined,
    accept: readonly number[] = [],
  ): Promise<HttpResponse> {
    const { api } = await getSite(signal);
    return http.request({ url: api + path, query, signal, accept });
  }

  /** A POST that only reads. */
  async function ask(path: string, body: unknown, signal: AbortSignal | undefined): Promise<HttpResponse> {
    const { api } = await getSite(signal);
    return http.request({ method: "POST", url: api + path, body, signal, idempotent: true });
  }

  /** Sends a change, once. */
  async function send(
    method: "POST" | "PUT" | "DELETE",
    path: string,
    options: Pick<HttpRequest, "query" | "body" | "accept"> & { readonly signal: AbortSignal | undefined },
  ): Promise<HttpResponse> {
    const { api } = await getSite(options.signal);
    return http.request({ ...options, method, url: api + path });
  }

  async function search(request: SearchRequest, signal?: AbortSignal): Promise<SearchPage> {
    const { isCloud } = await getSite(signal);
    const { jql, fields, maxResults, token, reconcile = [], properties = [] } = request;
    const more = {
      ...(token ? { nextPageToken: token } : {}),
      ...(reconcile.length > 0 ? { reconcileIssues: reconcile } : {}),
      ...(properties.length > 0 ? { properties } : {}),
    };
    // https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/#api-rest-api-3-search-jql-post
    const response = isCloud
      ? await ask("/search/jql", { jql, fields, maxResults, ...more }, signal)
      : await get("/search", { jql, fields: fields.join(","), startAt: 0, maxResults, validateQuery: true }, signal);
    const answer = parse(SearchAnswer, response, "search");
    const next = isCloud && answer.isLast !== true ? (answer.nextPageToken ?? null) : null;
    return {
      records: answer.issues,
      more: isCloud ? next !== null : (answer.startAt ?? 0) + answer.issues.length < (answer.total ?? 0),
      token: next,
      requestedAt: response.requestedAt,
      serverTime: response.serverTime,
    };
  }

  return {
    baseUrl: http.baseUrl,
    serverNow: () => http.serverNow(),
    /** A time of this machine's clock on the server's. */
    toServer: (localMs: number) => localMs + aheadMs,
    ownWrites,
    getSite,
    getCustomFields,
    parse,
    get,
    ask,
    send,
    search,

    /** How many ids a page of ids alone may hold. */
    idPageSize: async (signal?: AbortSignal) => ((await getSite(signal)).isCloud ? idPageSize : largePageSize),

    async count(jql: string, signal?: AbortSignal): Promise<number> {
      const { isCloud } = await getSite(signal);
      if (isCloud)
        return parse(Count, await ask("/search/approximate-count", { jql }, signal), "approximate-count").count;
      const answer = parse(SearchAnswer, await get("/search", { jql, fields: "key", maxResults: 0 }, signal), "search");
      return answer.total ?? 0;
    },

    async fetchMyself(signal?: AbortSignal) {
      return parse(User, await get("/myself", {}, signal), "myself");
    },

    /** The site's id at Atlassian's gateway, where tokens with scopes are used; null where it does not tell. */
    async findCloudId(signal?: AbortSignal): Promise<string | null> {
      const response = await http
        .request({ url: "/_edge/tenant_info", signal, accept: [400, 401, 403, 404] })
        .catch((error: unknown) => {
          // It is asked to say more about another failure; its own adds nothing.
          if (isPanopticonError(error) && !signal?.aborted) return null;
          throw error;
        });
      return TenantInfo.safeParse(response?.body).data?.cloudId ?? null;
    },

    async *fetchProjects(signal?: AbortSignal): AsyncGenerator<readonly Project[], void, undefined> {
      if (!(await getSite(signal)).isCloud) {
        yield parse(Project.array(), await get("/project", {}, signal), "project");
        return;
      }
      for (let startAt = 0; ;) {
        const query = { startAt, maxResults: smallPageSize, orderBy: "key" };
        const page = parse(ProjectPage, await get("/project/search", query, signal), "project/search");
        yield page.values;
        startAt += page.values.length;
        if (page.isLast !== false || page.values.length === 0) return;
      }
    },

    /** null where it is not there, or may not be seen. */
    async findProject(idOrKey: string, signal?: AbortSignal): Promise<Project | null> {
      const response = await get(`/project/${encodeURIComponent(idOrKey)}`, {}, signal, [404]);
      return response.status === 404 ? null : parse(Project, response, "project");
    },

    /** Each type of issues with the statuses of its workflow. */
    async fetchStatuses(project: string, signal?: AbortSignal) {
      const path = `/project/${encodeURIComponent(project)}/statuses`;
      return parse(IssueTypeStatuses.array(), await get(path, {}, signal), "statuses");
    },

    /** The types that the account can make, in the project's order; null where this Jira does not tell (before 8.4). */
    async findCreateTypes(project: string, signal?: AbortSignal): Promise<readonly CreateType[] | null> {
      const path = `/issue/createmeta/${encodeURIComponent(project)}/issuetypes`;
      const response = await get(path, { maxResults: metaPageSize }, signal, [404]);
      return response.status === 404 ? null : parse(CreateTypes, response, "createmeta");
    },

    /** What a new issue of a type has to have, and may have. */
    async fetchCreateFields(project: string, typeId: string, signal?: AbortSignal) {
      const path = `/issue/createmeta/${encodeURIComponent(project)}/issuetypes/${encodeURIComponent(typeId)}`;
      return parse(CreateFields, await get(path, { maxResults: metaPageSize }, signal), "createmeta");
    },

    /** Which of these the account may do in a project; null where Jira does not tell. */
    async findPermissions(projectId: string, keys: readonly string[], signal?: AbortSignal) {
      const query = { projectId, permissions: keys.join(",") };
      const response = await get("/mypermissions", query, signal, [400, 404]);
      if (response.status >= 400) return null;
      const { permissions } = parse(Permissions, response, "mypermissions");
      return new Map(keys.map((key) => [key, permissions[key]?.havePermission ?? null]));
    },

    fetchPriorities: async (signal?: AbortSignal) =>
      parse(Named.array(), await get("/priority", {}, signal), "priority"),
    fetchResolutions: async (signal?: AbortSignal) =>
      parse(Named.array(), await get("/resolution", {}, signal), "resolution"),

    /** Cloud: every label of the instance. */
    async fetchAllLabels(signal?: AbortSignal): Promise<readonly string[]> {
      const labels: string[] = [];
      for (let page = 0; page < mostLabelPages; page++) {
        const query = { startAt: labels.length, maxResults: largePageSize };
        const { values, isLast } = parse(LabelPage, await get("/label", query, signal), "label");
        labels.push(...values);
        if (isLast !== false || values.length === 0) break;
      }
      return labels;
    },

    /** Data Center: somebody by the immutable key; null where there is nobody. */
    async findUser(key: string, signal?: AbortSignal): Promise<User | null> {
      const response = await get("/user", { key }, signal, [404]);
      return response.status === 404 ? null : parse(User, response, "user");
    },

    async fetchAssignable(projectKey: string, signal?: AbortSignal) {
      const query = { project: projectKey, maxResults: largePageSize };
      return parse(User.array(), await get("/user/assignable/search", query, signal), "user/assignable/search");
    },

    /** The active and coming sprints of a project's boards; past ones come with their issues. */
    async fetchSprints(projectKey: string, signal?: AbortSignal): Promise<readonly Sprint[]> {
      const boards = await http.request({
        url: "/rest/agile/1.0/board",
        query: { projectKeyOrId: projectKey, type: "scrum", maxResults: 50 },
        signal,
      });
      const sprints: Sprint[] = [];
      for (const { id } of parse(BoardPage, boards, "board").values.slice(0, mostBoards)) {
        let startAt = 0;
        for (let page = 0; page < mostSprintPages; page++) {
          const response = await http.request({
            url: `/rest/agile/1.0/board/${encodeURIComponent(id)}/sprint`,
            query: { state: "active,future", startAt, maxResults: 50 },
            signal,
          });
          const { values, isLast } = parse(SprintPage, response, "sprint");
          sprints.push(...values);
          startAt += values.length;
          if (isLast !== false || values.length === 0) break;
        }
      }
      return sprints;
    },

    /** One issue as it answers, by its id, which stays when it moves. */
    async fetchIssue(id: string, fields: readonly string[], signal?: AbortSignal): Promise<HttpResponse> {
      return get(`/issue/${encodeURIComponent(id)}`, { fields: fields.join(",") }, signal, [404]);
    },

    parseDescription: (response: HttpResponse): unknown =>
      parse(IssueWithText, response, "issue").fields?.description ?? null,

    parseIssue: (response: HttpResponse): Issue => parse(Issue, response, "issue"),

    async *fetchComments(issueId: string, signal?: AbortSignal) {
      for (let startAt = 0; ;) {
        const query = { startAt, maxResults: smallPageSize, orderBy: "created" };
        const response = await get(`/issue/${encodeURIComponent(issueId)}/comment`, query, signal);
        const page = parse(CommentPage, response, "comment");
        yield page.comments;
        startAt += page.comments.length;
        if (page.comments.length === 0 || startAt >= (page.total ?? 0)) return;
      }
    },
  };
}
