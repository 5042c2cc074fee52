import type { z } from "zod";
import { createSharedAsking } from "../../domain/shared-asking.ts";
import type { HttpClient, HttpRequest, HttpResponse } from "../http/http-client.ts";
import { nextLink } from "../http/next-link.ts";
import { parseBody } from "../http/parse-body.ts";
import type { ListAnswer } from "../timed-list/timed-list.ts";
import { webBase } from "./http-policy.ts";
import {
  AnyList,
  Discussion,
  FoundIssue,
  IssueId,
  Iteration,
  Label,
  LinkedIssue,
  Milestone,
  Note,
  OauthToken,
  PersonalToken,
  Project,
  Statistics,
  User,
} from "./schema.ts";
import { linkedPages } from "../http/linked-pages.ts";

/** GitLab's maximum page size. */
export const pageSize = 100;

type IssueState = "opened" | "closed" | "all";

/** Which issues to count. Both times are inclusive, ISO 8601. */
type Counted = { readonly state: IssueState; readonly updated_after?: string; readonly updated_before?: string };

export type GitlabClient = ReturnType<typeof createGitlabClient>;

const unsure: readonly number[] = [400, 401, 403, 404];

/** GitLab's endpoints as functions. `project` is a project's id or path. */
export function createGitlabClient(http: HttpClient) {
  const web = webBase(http.baseUrl);
  /** Keyset paging of issues exists since 18.3; older servers answer 405 and are then used without it. */
  let hasKeyset = true;
  let scopes: readonly string[] | null = null;
  const share = createSharedAsking();

  const pathOf = (project: string) => `/projects/${encodeURIComponent(project)}`;

  function parse<T>(schema: z.ZodType<T>, response: HttpResponse, what: string): T {
    return parseBody(schema, response.body, { tracker: "gitlab", what });
  }

  /** All pages of a list, following `Link`. */
  async function* pages<T>(request: HttpRequest, schema: z.ZodType<T>, what: string) {
    const first = await http.request({ ...request, query: { ...request.query, per_page: pageSize } });
    for await (const page of linkedPages(http, first, request.signal)) yield parse(schema.array(), page, what);
  }

  async function all<T>(request: HttpRequest, schema: z.ZodType<T>, what: string): Promise<T[]> {
    const items: T[] = [];
    for await (const page of pages(request, schema, what)) items.push(...page);
    return items;
  }

  function toListPage(response: HttpResponse): ListAnswer {
    return {
      status: response.status,
      records: response.status === 304 ? [] : parse(AnyList, response, "issues"),
      etag: response.headers.get("etag"),
      next: response.status === 304 ? null : nextLink(response.headers, http.baseUrl),
      shifts: response.headers.has("x-page"),
      requestedAt: response.requestedAt,
      serverTime: response.serverTime,
    };
  }

  async function askScopes(signal?: AbortSignal): Promise<readonly string[] | null> {
    const personal = await http.request({ url: "/personal_access_tokens/self", accept: unsure, signal });
    const own = personal.status === 200 ? PersonalToken.safeParse(personal.body).data : undefined;
    if (own !== undefined) return own.scopes;
    const oauth = await http.request({ url: `${web}/oauth/token/info`, accept: unsure, signal });
    return oauth.status === 200 ? (OauthToken.safeParse(oauth.body).data?.scope ?? null) : null;
  }

  return {
    /** The base URL of GitLab's website. */
    web,
    serverNow: () => http.serverNow(),
    openFile: (url: string, signal?: AbortSignal) => http.openFile(url, { signal }),

    async fetchUser(signal?: AbortSignal) {
      return parse(User, await http.request({ url: "/user", signal }), "user");
    },

    /**
     * The token's scopes; null if unknown. Personal and OAuth tokens have different endpoints for them. Scopes do not change, so they are requested until they
     * are known.
     */
    async fetchScopes(signal?: AbortSignal): Promise<readonly string[] | null> {
      scopes ??= await share("scopes", askScopes, signal);
      return scopes;
    },

    fetchProjects: (signal?: AbortSignal) =>
      pages(
        { url: "/projects", query: { membership: true, order_by: "id", sort: "asc", pagination: "keyset" }, signal },
        Project,
        "projects",
      ),

    async fetchProject(project: string, signal?: AbortSignal) {
      return parse(Project, await http.request({ url: pathOf(project), signal }), "project");
    },

    /** One page of the list, oldest change first. `since` is inclusive, ISO 8601. With `etag` the response may be 304. */
    async fetchIssues(
      project: string,
      query: { readonly state: IssueState; readonly since: string | null },
      signal: AbortSignal,
      etag?: string | null,
    ) {
      const ask = () =>
        http.request({
          url: `${pathOf(project)}/issues`,
          query: {
            scope: "all",
            state: query.state,
            updated_after: query.since ?? undefined,
            order_by: "updated_at",
            sort: "asc",
            per_page: pageSize,
            with_labels_details: true,
            pagination: hasKeyset ? "keyset" : undefined,
          },
          headers: etag ? { "if-none-match": etag } : {},
          accept: hasKeyset ? [405] : [],
          signal,
        });
      let response = await ask();
      if (response.status === 405) {
        hasKeyset = false;
        response = await ask();
      }
      return toListPage(response);
    },

    /** Fetches a page by the URL in `Link`. */
    async fetchLinkedIssues(url: string, signal: AbortSignal) {
      return toListPage(await http.request({ url, signal }));
    },

    /** One issue, fetched from the list, because only there labels have ids. Status 404 if the project does not exist; no record if the issue does not. */
    async fetchIssue(project: string, iid: string, signal?: AbortSignal) {
      const response = await http.request({
        url: `${pathOf(project)}/issues`,
        query: { scope: "all", "iids[]": iid, with_labels_details: true },
        accept: [403, 404],
        signal,
      });
      const records = response.status === 200 ? parse(AnyList, response, "issue") : [];
      return { status: response.status, record: records[0], requestedAt: response.requestedAt };
    },

    /** The id of an issue by its API URL; null if these credentials cannot see it. */
    async findIssueId(apiAddress: string, signal?: AbortSignal): Promise<number | null> {
      const path = /\/projects\/\d+\/issues\/\d+$/.exec(apiAddress)?.[0];
      if (path === undefined) return null;
      const response = await http.request({ url: path, accept: [403, 404], signal });
      return response.status === 200 ? parse(IssueId, response, "issue").id : null;
    },

    /** The website's URL of an issue by its id, which REST tells only to administrators. null if these credentials cannot see it. */
    async findIssueUrl(id: number, signal?: AbortSignal): Promise<string | null> {
      const response = await http.request({
        method: "POST",
        url: `${web}/api/graphql`,
        body: {
          query: "query Find($id: IssueID!) { issue(id: $id) { webUrl } }",
          variables: { id: `gid://gitlab/Issue/${id}` },
        },
        idempotent: true,
        accept: unsure,
        signal,
      });
      return FoundIssue.safeParse(response.body).data?.data?.issue?.webUrl ?? null;
    },

    fetchLinks: (project: string, iid: string, signal?: AbortSignal) =>
      all({ url: `${pathOf(project)}/issues/${iid}/links`, signal }, LinkedIssue, "links"),

    /** The notes that people wrote, oldest first. */
    fetchNotes: (project: string, iid: string, signal?: AbortSignal) =>
      pages(
        {
          url: `${pathOf(project)}/issues/${iid}/notes`,
          query: { order_by: "created_at", sort: "asc", activity_filter: "only_comments" },
          signal,
        },
        Note,
        "notes",
      ),

    /** Threads and single notes, including GitLab's own, oldest first. */
    fetchDiscussions: (project: string, iid: string, signal?: AbortSignal) =>
      pages({ url: `${pathOf(project)}/issues/${iid}/discussions`, signal }, Discussion, "discussions"),

    fetchLabels: (project: string, signal?: AbortSignal) =>
      all({ url: `${pathOf(project)}/labels`, signal }, Label, "labels"),
    fetchMembers: (project: string, signal?: AbortSignal) =>
      all({ url: `${pathOf(project)}/members/all`, signal }, User, "members"),
    /** Includes those of the parent groups. */
    fetchMilestones: (project: string, signal?: AbortSignal) =>
      all(
        { url: `${pathOf(project)}/milestones`, query: { include_ancestors: true }, signal },
        Milestone,
        "milestones",
      ),
    fetchIterations: (project: string, signal?: AbortSignal) =>
      all({ url: `${pathOf(project)}/iterations`, signal }, Iteration, "iterations"),

    /** The number of issues in a list. `X-Total` is limited to 10,000; above that, the statistics are used. */
    async countIssues(project: string, { state, ...times }: Counted, signal?: AbortSignal): Promise<number | null> {
      const query = { scope: "all", ...times };
      const response = await http.request({
        url: `${pathOf(project)}/issues`,
        query: { ...query, state, per_page: 1 },
        signal,
      });
      const total = response.headers.get("x-total");
      if (total !== null && /^\d+$/.test(total)) return Number(total);
      const { counts } = parse(
        Statistics,
        await http.request({ url: `${pathOf(project)}/issues_statistics`, query, signal }),
        "statistics",
      ).statistics;
      return state === "all" ? counts.opened + counts.closed : counts[state];
    },
  };
}
