import type { z } from "zod";
import { PanopticonError } from "../../domain/error.ts";
import type { HttpClient, HttpResponse } from "../http/http-client.ts";
import { nextLink } from "../http/next-link.ts";
import { parseBody } from "../http/parse-body.ts";
import type { ListAnswer } from "../timed-list/timed-list.ts";
import {
  AnyList,
  Comment,
  Issue,
  IssueType,
  Label,
  LinkedIssue,
  Milestone,
  Repository,
  SearchTotal,
  User,
} from "./schema.ts";
import { linkedPages } from "../http/linked-pages.ts";

/** GitHub's maximum page size. */
export const pageSize = 100;

export type IssueListQuery = {
  readonly state: "open" | "closed" | "all";
  /** Inclusive, ISO 8601. */
  readonly since: string | null;
};

export type GithubClient = ReturnType<typeof createGithubClient>;

/** A classic token's scopes; null for a fine-grained one, which has permissions, named per call in another header. */
function scopesOf({ headers }: HttpResponse): readonly string[] | null {
  const header = headers.get("x-oauth-scopes");
  if (header === null || (header === "" && headers.has("x-accepted-github-permissions"))) return null;
  return header
    .split(",")
    .map((scope) => scope.trim())
    .filter((scope) => scope !== "");
}

/** GitHub's endpoints as functions. The new address of a renamed repository is used from its first response on. */
export function createGithubClient(http: HttpClient) {
  /** New paths of redirected repositories. */
  const moved = new Map<string, string>();

  function pathOf(repository: string): string {
    const [owner = "", name = ""] = repository.split("/");
    return moved.get(repository) ?? `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;
  }

  /** Remembers `…/repositories/ID/…`, the target of GitHub's permanent redirect of a renamed repository. */
  function rememberMove(repository: string, asked: string, response: HttpResponse): void {
    const path = response.url.slice(http.baseUrl.length);
    const base = /^\/repositories\/\d+(?=[/?]|$)/.exec(path)?.[0];
    // Only if the rest of the path is unchanged: a transferred issue also redirects to another repository.
    if (base !== undefined && base !== pathOf(repository) && path.split("?")[0] === base + asked)
      moved.set(repository, base);
  }

  async function getOf(
    repository: string,
    path: string,
    options: Omit<Parameters<HttpClient["request"]>[0], "url"> = {},
  ): Promise<HttpResponse> {
    const response = await http.request({ ...options, url: pathOf(repository) + path });
    rememberMove(repository, path, response);
    return response;
  }

  /** Writes within a repository; sends each write once and follows no redirect of the issue. */
  async function sendTo(
    repository: string,
    method: "POST" | "PATCH" | "DELETE",
    path: string,
    options: {
      readonly body?: unknown;
      readonly accept?: readonly number[];
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<HttpResponse> {
    const { accept = [], ...rest } = options;
    const response = await getOf(repository, path, { ...rest, method, accept: [...accept, 301] });
    if (response.status !== 301) return response;
    throw new PanopticonError("gone", `The issue is no longer in ${repository}.`, {
      tracker: "github",
      hint: "It was transferred to another repository, so the change was not made.",
    });
  }

  function parse<T>(schema: z.ZodType<T>, response: HttpResponse, what: string): T {
    return parseBody(schema, response.body, { tracker: "github", what });
  }

  /** All pages of a list, following `Link`. */
  async function* pages<T>(first: HttpResponse, schema: z.ZodType<T>, what: string, signal?: AbortSignal) {
    for await (const page of linkedPages(http, first, signal)) yield parse(schema.array(), page, what);
  }

  async function all<T>(
    repository: string,
    path: string,
    schema: z.ZodType<T>,
    query: Record<string, string>,
    signal?: AbortSignal,
  ) {
    const first = await getOf(repository, path, { query: { ...query, per_page: pageSize }, signal });
    const items: T[] = [];
    for await (const page of pages(first, schema, path, signal)) items.push(...page);
    return items;
  }

  function toListPage(response: HttpResponse): ListAnswer {
    return {
      status: response.status,
      records: response.status === 304 ? [] : parse(AnyList, response, "issues"),
      etag: response.headers.get("etag"),
      next: response.status === 304 ? null : nextLink(response.headers, http.baseUrl),
      shifts: true,
      requestedAt: response.requestedAt,
      serverTime: response.serverTime,
    };
  }

  return {
    baseUrl: http.baseUrl,
    parse,
    send: sendTo,
    serverNow: () => http.serverNow(),

    /** The user and, for classic tokens, the scopes; null if the token does not tell. */
    async fetchUser(signal?: AbortSignal) {
      const response = await http.request({ url: "/user", signal });
      return { user: parse(User, response, "user"), scopes: scopesOf(response), response };
    },

    async *fetchRepositories(signal?: AbortSignal) {
      const first = await http.request({
        url: "/user/repos",
        query: { per_page: pageSize, sort: "full_name", direction: "asc" },
        signal,
      });
      yield* pages(first, Repository, "repositories", signal);
    },

    /** The repository and, for classic tokens, the scopes; null if the token does not tell. */
    async fetchRepository(repository: string, signal?: AbortSignal) {
      const response = await getOf(repository, "", { signal });
      return { repository: parse(Repository, response, "repository"), scopes: scopesOf(response) };
    },

    /** The names of an organization's issue types; empty if it has none, or the token has no access. */
    async fetchIssueTypes(organization: string, signal?: AbortSignal) {
      const response = await http.request({
        url: `/orgs/${encodeURIComponent(organization)}/issue-types`,
        accept: [403, 404],
        signal,
      });
      if (response.status !== 200) return [];
      return parse(IssueType.array(), response, "issue types").filter((type) => type.is_enabled !== false);
    },

    /** One page of the list, oldest change first. With `etag` the response may be 304. */
    async fetchIssues(repository: string, query: IssueListQuery, signal: AbortSignal, etag?: string | null) {
      const response = await getOf(repository, "/issues", {
        query: {
          state: query.state,
          since: query.since ?? undefined,
          sort: "updated",
          direction: "asc",
          per_page: pageSize,
        },
        headers: etag ? { "if-none-match": etag } : {},
        signal,
      });
      return toListPage(response);
    },

    /** One page of pull requests. With `etag` the response may be 304. */
    async fetchPulls(
      repository: string,
      query: Readonly<Record<string, string | number>>,
      etag: string | null,
      signal?: AbortSignal,
    ) {
      const headers = etag === null ? {} : { "if-none-match": etag };
      const response = await getOf(repository, "/pulls", { query, headers, signal });
      return { response, next: nextLink(response.headers, http.baseUrl) };
    },

    /** Fetches a page by the URL in `Link`. */
    async fetchLinkedIssues(url: string, signal: AbortSignal) {
      return toListPage(await http.request({ url, signal }));
    },

    /** A user's own issues in any state, newest first. */
    async *fetchNewestBy(repository: string, login: string, signal?: AbortSignal) {
      let response = await getOf(repository, "/issues", {
        query: { creator: login, state: "all", sort: "created", direction: "desc", per_page: pageSize },
        signal,
      });
      for (;;) {
        const page = toListPage(response);
        yield page;
        if (page.next === null) return;
        response = await http.request({ url: page.next, signal });
      }
    },

    /** An existing issue. Throws `not_found`, `gone`, `forbidden`. */
    async getIssue(repository: string, number: string, signal?: AbortSignal) {
      return parse(Issue, await getOf(repository, `/issues/${number}`, { signal }), "issue");
    },

    /** The response for one issue, including 404 and 410. */
    async fetchIssue(repository: string, number: string, signal?: AbortSignal) {
      return getOf(repository, `/issues/${number}`, { accept: [404, 410], signal });
    },

    parseIssue: (response: HttpResponse) => parse(Issue, response, "issue"),

    /** The issues that block this one, or that it blocks. */
    fetchDependencies: (repository: string, number: string, kind: "blocked_by" | "blocking", signal?: AbortSignal) =>
      all(repository, `/issues/${number}/dependencies/${kind}`, LinkedIssue, {}, signal),

    /** Comments, oldest first; with `since` (ISO 8601) those updated at or after it. */
    async *fetchComments(repository: string, number: string, signal?: AbortSignal, since?: string) {
      const query = { per_page: pageSize, since };
      const first = await getOf(repository, `/issues/${number}/comments`, { query, signal });
      yield* pages(first, Comment, "comments", signal);
    },

    fetchLabels: (repository: string, signal?: AbortSignal) => all(repository, "/labels", Label, {}, signal),
    fetchAssignees: (repository: string, signal?: AbortSignal) => all(repository, "/assignees", User, {}, signal),
    fetchMilestones: (repository: string, signal?: AbortSignal) =>
      all(repository, "/milestones", Milestone, { state: "all" }, signal),

    /** The number of issues that a search finds. */
    async countIssues(search: string, signal?: AbortSignal) {
      const response = await http.request({ url: "/search/issues", query: { q: search, per_page: 1 }, signal });
      return parse(SearchTotal, response, "search").total_count;
    },
  };
}
