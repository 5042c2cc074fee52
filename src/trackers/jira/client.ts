import { isPanopticonError } from "../../domain/error.ts";
import type { HttpClient, HttpResponse } from "../http/http-client.ts";
import { createJiraCalls } from "./calls.ts";
import { markKey } from "./marker.ts";
import { createOwnWrites } from "./write/own-writes.ts";
import { createProjectCalls } from "./project-calls.ts";
import { CommentPage, Count, Issue, IssueWithText, SearchAnswer, TenantInfo, User } from "./schema.ts";

/** Issues with fields: about Cloud's maximum; Data Center returns as many as its administrator allows. */
export const pageSize = 100;
/** For ids alone. */
const idPageSize = 5_000;
const smallIdPageSize = 1_000;
const commentPageSize = 100;

export type SearchRequest = {
  readonly jql: string;
  readonly fields: readonly string[];
  readonly maxResults: number;
  /** Cloud: the token of the previous page. */
  readonly token?: string | null;
  /** Cloud: ids of issues whose latest writes must be visible; the same for all pages of a list. */
  readonly reconcile?: readonly number[];
  /** Cloud: keys of the entity properties to return. */
  readonly properties?: readonly string[];
};

export type SearchPage = {
  readonly records: readonly unknown[];
  /** Whether there is more: by token in Cloud, else requested by time or key. */
  readonly more: boolean;
  readonly token: string | null;
  readonly requestedAt: number;
  readonly serverTime: number | null;
};

export type JiraClient = ReturnType<typeof createJiraClient>;

/** Jira's endpoints as functions. */
export function createJiraClient(given: HttpClient) {
  const calls = createJiraCalls(given);
  const { http, toServer, getSite, getCustomFields, parse, get, ask, send } = calls;
  const ownWrites = createOwnWrites(() => http.serverNow());

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
    toServer,
    ownWrites,
    getSite,
    getCustomFields,
    parse,
    get,
    ask,
    send,
    search,
    ...createProjectCalls(calls),

    /** The page size for ids alone. */
    idPageSize: async (signal?: AbortSignal) => ((await getSite(signal)).isCloud ? idPageSize : smallIdPageSize),

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

    /** The site's id at Atlassian's gateway, which accepts tokens with scopes; null if the site does not tell. */
    async findCloudId(signal?: AbortSignal): Promise<string | null> {
      const response = await http
        .request({ url: "/_edge/tenant_info", signal, accept: [400, 401, 403, 404] })
        .catch((error: unknown) => {
          // Requested only to explain another failure; an error of its own adds nothing.
          if (isPanopticonError(error) && !signal?.aborted) return null;
          throw error;
        });
      return TenantInfo.safeParse(response?.body).data?.cloudId ?? null;
    },

    /** The response for one issue, by its id, which stays when the issue moves. */
    async fetchIssue(id: string, fields: readonly string[], signal?: AbortSignal): Promise<HttpResponse> {
      const query = { fields: fields.join(","), properties: markKey };
      return get(`/issue/${encodeURIComponent(id)}`, query, signal, [404]);
    },

    parseDescription: (response: HttpResponse): unknown =>
      parse(IssueWithText, response, "issue").fields?.description ?? null,

    parseIssue: (response: HttpResponse): Issue => parse(Issue, response, "issue"),

    async *fetchComments(issueId: string, signal?: AbortSignal) {
      for (let startAt = 0; ;) {
        const query = { startAt, maxResults: commentPageSize, orderBy: "created" };
        const response = await get(`/issue/${encodeURIComponent(issueId)}/comment`, query, signal);
        const page = parse(CommentPage, response, "comment");
        yield page.comments;
        startAt += page.comments.length;
        if (page.comments.length === 0 || startAt >= (page.total ?? 0)) return;
      }
    },
  };
}
