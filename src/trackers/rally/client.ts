import type { z } from "zod";
import type { HttpClient } from "../http/http-client.ts";
import { parseBody } from "../http/parse-body.ts";
import { servicePath } from "./http-policy.ts";
import { compare, type Condition, writeQuery } from "./query.ts";
import * as schema from "./schema.ts";

/** Rally's maximum page size; an account may get smaller pages, which the response states. */
export const pageSize = 2000;

/** Where a list is read. Every request names the workspace, because Rally would otherwise silently use the user's default one. */
export type Scope = { readonly workspace: string; readonly project: string | null };

export type ListRequest = {
  /** `artifact`, `defect`, `portfolioitem/feature`, `artifact/12345/Discussion`. */
  readonly path: string;
  readonly scope: Scope | null;
  readonly fetch: readonly string[];
  /** Only with `artifact`. */
  readonly types?: readonly string[];
  readonly query?: Condition | null;
  readonly order?: string;
  readonly size?: number;
  readonly start?: number;
};

export type ListPage = {
  readonly records: readonly unknown[];
  readonly total: number;
  /** The position of the first record, from 1. */
  readonly start: number;
  readonly pageSize: number;
  readonly warnings: readonly string[];
  readonly requestedAt: number;
  readonly serverTime: number | null;
};

export const postFields: readonly string[] = [
  "ObjectID",
  "Text",
  "User",
  "UserName",
  "DisplayName",
  "CreationDate",
  "LastUpdateDate",
];

const attributeFields = [
  "ObjectID",
  "ElementName",
  "Name",
  "AttributeType",
  "Type",
  "Required",
  "ReadOnly",
  "Custom",
  "Hidden",
  "AllowedValues",
] as const;

export type RallyClient = ReturnType<typeof createRallyClient>;

/** The Web Services API as functions. Errors in responses are thrown by the HTTP policy. */
export function createRallyClient(http: HttpClient) {
  async function fetchPage(request: ListRequest, signal?: AbortSignal): Promise<ListPage> {
    const { path, scope, query } = request;
    const response = await http.request({
      url: `${servicePath}/${path}`,
      query: {
        types: request.types?.join(","),
        query: query == null ? undefined : writeQuery(query),
        order: request.order,
        fetch: request.fetch.join(","),
        pagesize: request.size ?? pageSize,
        start: request.start ?? 1,
        ...(scope === null ? {} : toParameters(scope)),
      },
      signal,
    });
    const { QueryResult: result } = parseBody(schema.QueryResult, response.body, { tracker: "rally", what: path });
    return {
      records: result.Results,
      total: result.TotalResultCount,
      start: result.StartIndex,
      pageSize: result.PageSize,
      warnings: result.Warnings ?? [],
      requestedAt: response.requestedAt,
      serverTime: response.serverTime,
    };
  }

  /** Reads a complete list that is small or does not change meanwhile. */
  async function* pages<T>(record: z.ZodType<T>, request: ListRequest, signal?: AbortSignal) {
    for (let start = 1; ;) {
      const page = await fetchPage({ ...request, start }, signal);
      yield page.records.map((raw) => parseBody(record, raw, { tracker: "rally", what: request.path }));
      start = page.start + page.records.length;
      if (page.records.length === 0 || start > page.total) return;
    }
  }

  async function all<T>(record: z.ZodType<T>, request: ListRequest, signal?: AbortSignal): Promise<T[]> {
    const items: T[] = [];
    for await (const page of pages(record, request, signal)) items.push(...page);
    return items;
  }

  async function one<T>(body: z.ZodType<T>, path: string, fetch: string, signal?: AbortSignal): Promise<T> {
    return parseBody(body, (await ask(path, fetch, signal)).body, { tracker: "rally", what: path });
  }

  const ask = (path: string, fetch: string, signal?: AbortSignal) =>
    http.request({ url: `${servicePath}/${path}`, query: { fetch }, signal });

  /** The key's user, and the times of both clocks. */
  async function fetchCaller(signal?: AbortSignal) {
    const { body, requestedAt, serverTime } = await ask("user", "ObjectID,UserName,DisplayName", signal);
    const { User: user } = parseBody(schema.CurrentUser, body, { tracker: "rally", what: "user" });
    return { user, requestedAt, serverTime };
  }

  const named = ["ObjectID", "Name"];
  const inScope = (path: string, scope: Scope, fetch: readonly string[], order = "Name"): ListRequest => ({
    path,
    scope,
    fetch,
    order,
  });

  return {
    baseUrl: http.baseUrl,
    settings: http.settings,
    serverNow: () => http.serverNow(),
    fetchPage,

    async fetchUser(signal?: AbortSignal) {
      return (await fetchCaller(signal)).user;
    },
    fetchCaller,
    async fetchProject(oid: string, signal?: AbortSignal) {
      return (await one(schema.OneProject, `project/${oid}`, "ObjectID,Name,Workspace", signal)).Project;
    },
    fetchWorkspaces: (signal?: AbortSignal) =>
      all(schema.Workspace, { path: "workspace", scope: null, fetch: named, order: "Name" }, signal),
    fetchProjects: (workspace: string, signal?: AbortSignal) =>
      pages(schema.Project, inScope("project", { workspace, project: null }, named), signal),

    fetchTypes: (workspace: string, signal?: AbortSignal) =>
      all(
        schema.TypeDefinition,
        inScope(
          "typedefinition",
          { workspace, project: null },
          ["ObjectID", "ElementName", "DisplayName", "TypePath", "Ordinal", "Creatable"],
          "ObjectID",
        ),
        signal,
      ),
    fetchAttributes: (workspace: string, type: string, signal?: AbortSignal) =>
      all(
        schema.AttributeDefinition,
        {
          path: `typedefinition/${type}/Attributes`,
          scope: { workspace, project: null },
          fetch: [...attributeFields],
        },
        signal,
      ),
    /** The allowed values of an attribute, in the workspace's order. */
    fetchAllowedValues: (workspace: string, attribute: number, signal?: AbortSignal) =>
      all(
        schema.AllowedValue,
        {
          path: `attributedefinition/${attribute}/AllowedValues`,
          scope: { workspace, project: null },
          fetch: ["StringValue", "Name"],
        },
        signal,
      ),
    fetchPortfolioStates: (workspace: string, signal?: AbortSignal) =>
      all(
        schema.PortfolioState,
        inScope("state", { workspace, project: null }, ["ObjectID", "Name", "OrderIndex", "TypeDef"], "OrderIndex"),
        signal,
      ),
    fetchFlowStates: (scope: Scope, signal?: AbortSignal) =>
      all(
        schema.FlowState,
        inScope(
          "flowstate",
          scope,
          ["ObjectID", "Name", "OrderIndex", "ScheduleStateMapping", "Project"],
          "OrderIndex",
        ),
        signal,
      ),
    /** A user's roles in all projects. */
    fetchRoles: (workspace: string, user: number, signal?: AbortSignal) =>
      all(
        schema.ProjectPermission,
        {
          path: "projectpermission",
          scope: { workspace, project: null },
          // https://knowledge.broadcom.com/external/article/111601
          query: compare("User.ObjectID", "=", user),
          fetch: ["Role", "Project"],
        },
        signal,
      ),
    fetchTags: (workspace: string, signal?: AbortSignal) =>
      all(schema.Tag, inScope("tag", { workspace, project: null }, named), signal),
    fetchTagsNamed: (workspace: string, name: string, signal?: AbortSignal) =>
      all(
        schema.Tag,
        { ...inScope("tag", { workspace, project: null }, named), query: compare("Name", "=", name) },
        signal,
      ),
    fetchTeam: (scope: Scope & { readonly project: string }, signal?: AbortSignal) =>
      all(
        schema.Member,
        { path: `project/${scope.project}/TeamMembers`, scope, fetch: ["ObjectID", "UserName", "DisplayName"] },
        signal,
      ),
    fetchIterations: (scope: Scope, signal?: AbortSignal) =>
      all(schema.ListedTimebox, inScope("iteration", scope, [...named, "StartDate", "EndDate"], "StartDate"), signal),
    fetchReleases: (scope: Scope, signal?: AbortSignal) =>
      all(
        schema.ListedTimebox,
        inScope("release", scope, [...named, "ReleaseStartDate", "ReleaseDate"], "ReleaseStartDate"),
        signal,
      ),

    fetchPosts: (workspace: string, artifact: string, signal?: AbortSignal, query: Condition | null = null) =>
      pages(
        schema.Post,
        {
          path: `artifact/${artifact}/Discussion`,
          scope: { workspace, project: null },
          query,
          fetch: postFields,
        },
        signal,
      ),
    fetchAttachments: (workspace: string, artifact: string, signal?: AbortSignal) =>
      all(
        schema.Attachment,
        {
          path: `artifact/${artifact}/Attachments`,
          scope: { workspace, project: null },
          fetch: ["ObjectID", "Name", "ContentType", "Size"],
        },
        signal,
      ),
    /** The members of an artifact's collection. */
    fetchRelated: (workspace: string, artifact: string, collection: string, signal?: AbortSignal) =>
      all(
        schema.Relative,
        {
          path: `artifact/${artifact}/${collection}`,
          scope: { workspace, project: null },
          fetch: ["ObjectID", "FormattedID"],
        },
        signal,
      ),
  };
}

function toParameters({ workspace, project }: Scope): Record<string, string | boolean> {
  return {
    workspace: `/workspace/${workspace}`,
    ...(project === null ? {} : { project: `/project/${project}`, projectScopeDown: true, projectScopeUp: false }),
  };
}
