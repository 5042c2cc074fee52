import { hash } from "node:crypto";
import type { WireReply, WireRequest } from "../server/http-server.ts";
import type { Account } from "./access.ts";
import { type Jql, JqlError, parseJql } from "./jql-parse.ts";
import { isBounded, type Plan, planJql } from "./jql-run.ts";
import type { Issue } from "./records.ts";
import { errorReply, jsonReply, replies } from "./replies.ts";
import { indexTime, type JiraState, settleSearch } from "./state.ts";
import type { Wire } from "./wire.ts";

type Context = { readonly state: JiraState; readonly wire: Wire; readonly account: Account };

/** The maximum page size with more fields than ids; Data Center's administrators chose the same. */
const maxIssues = 100;
const maxIds = 5_000;
const maxInDataCenter = 1_000;
/** Cloud ends a page early if its issues are large. */
const largestPageBytes = 2_000_000;
const maxReconciled = 50;
const maxProperties = 5;

/** `POST /rest/api/3/search/jql`. */
export function searchCloud(context: Context, request: WireRequest): WireReply {
  const asked = readBody(request.body);
  if (asked === null) return replies.badPayload();
  const { state, wire, account } = context;
  return guard(() => {
    settleSearch(state, new Set(asked.reconcileIssues));
    const jql = parseJql(asked.jql);
    if (!isBounded(jql.where)) return replies.unbounded();
    const plan = planJql(jql, { state, account });
    const after = asked.nextPageToken === null ? null : readToken(asked.jql, asked.nextPageToken);
    if (after === "invalid") return errorReply(400, ["The provided next page token is invalid or expired."]);
    // "`id` Returns only issue IDs": without even the key. https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/
    const isIdsAlone = asked.properties.length === 0 && asked.fields.every((field) => field === "id");
    const isSmall = asked.fields.every((field) => field === "id" || field === "key");
    const most = Math.max(1, Math.min(asked.maxResults, isSmall ? maxIds : maxIssues));
    const found = collect(context, plan, after, most + 1);
    const issues: object[] = [];
    let bytes = 0;
    for (const shown of found.slice(0, most)) {
      const record = isIdsAlone ? { id: String(shown.id) } : wire.issue(shown, asked.fields, asked.properties);
      bytes += isSmall ? 0 : Buffer.byteLength(JSON.stringify(record));
      if (issues.length > 0 && bytes > largestPageBytes) break;
      issues.push(record);
    }
    const last = found[issues.length - 1];
    const more = found.length > issues.length && last !== undefined;
    return jsonReply(200, {
      issues,
      ...(more ? { nextPageToken: writeToken(asked.jql, last) } : {}),
      isLast: !more,
    });
  });
}

/** `GET` and `POST /rest/api/2/search` of Data Center, with offset pagination. */
export function searchDataCenter(context: Context, request: WireRequest): WireReply {
  const { state, wire, account } = context;
  const query = request.method === "POST" ? readJson(request.body) : Object.fromEntries(request.query);
  if (query === null) return replies.badPayload();
  const number = (name: string, fallback: number) => {
    const value = Number(query[name] ?? fallback);
    return Number.isInteger(value) ? value : fallback;
  };
  return guard(() => {
    settleSearch(state);
    const plan = planJql(parseJql(typeof query["jql"] === "string" ? query["jql"] : ""), { state, account });
    const startAt = Math.max(0, number("startAt", 0));
    const given = number("maxResults", 50);
    const wanted = query["fields"] ?? "*navigable";
    const fields = isStrings(wanted) ? wanted : (typeof wanted === "string" ? wanted : "*navigable").split(",");
    const isSmall = fields.every((field) => ["id", "key", "labels"].includes(field));
    const maxResults = given < 0 ? maxIssues : Math.min(given, isSmall ? maxInDataCenter : maxIssues);
    const all = collect(context, plan, null, Infinity);
    return jsonReply(200, {
      expand: "schema,names",
      startAt,
      maxResults,
      total: all.length,
      issues: all.slice(startAt, startAt + maxResults).map((shown) => wire.issue(shown, fields)),
    });
  });
}

/** `POST /rest/api/3/search/approximate-count`; exact here. */
export function countIssues(context: Context, request: WireRequest): WireReply {
  const body = readJson(request.body);
  const jql = body?.["jql"];
  if (body === null || typeof jql !== "string" || Object.keys(body).length !== 1) return replies.badPayload();
  const { state, account } = context;
  return guard(() => {
    settleSearch(state);
    const parsed: Jql = parseJql(jql);
    if (!isBounded(parsed.where)) return replies.unbounded();
    return jsonReply(200, { count: collect(context, planJql(parsed, { state, account }), null, Infinity).length });
  });
}

function guard(run: () => WireReply): WireReply {
  try {
    return run();
  } catch (error) {
    if (error instanceof JqlError) return errorReply(400, [error.message]);
    throw error;
  }
}

/** The matching issues after a place, in order: read from the index if it has the order, so that the cost is proportional to the page. */
function collect({ state, account }: Context, plan: Plan, after: Place | null, most: number): Issue[] {
  const projects = (plan.projects ?? state.projects).filter((project) => account.sees(project));
  const isBehind = after === null ? null : behind(state, plan, after);
  const found: Issue[] = [];
  const [only] = projects;
  const isOrdered = plan.isIndexOrder && projects.length === 1 && only !== undefined;
  for (const project of projects) {
    const { items } = project.index;
    const low =
      isOrdered && after !== null ? Math.max(plan.from, indexTime(state.edition, after.updatedAt)) : plan.from;
    const from = indexTime(state.edition, low);
    const start = project.index.findFirst(({ shown }) => indexTime(state.edition, shown.updatedAt) >= from);
    for (let at = start; at < items.length; at += 1) {
      const shown = items[at]?.shown;
      if (shown === undefined || !plan.test(shown) || (isBehind !== null && !isBehind(shown))) continue;
      found.push(shown);
      if (isOrdered && found.length >= most) return found;
    }
  }
  return isOrdered ? found : found.sort(plan.compare).slice(0, most);
}

/** The sort values of a page's last issue, whatever happens to it later: a place in the order, not a position. */
type Place = { readonly id: number; readonly updatedAt: number; readonly number: number; readonly projectKey: string };

function behind(state: JiraState, plan: Plan, place: Place): (issue: Issue) => boolean {
  const project = state.projects.find(({ key }) => key === place.projectKey);
  const known = state.issuesById.get(place.id);
  const base = known ?? project?.issues.values().next().value;
  if (base === undefined || project === undefined) return () => true;
  const last: Issue = { ...base, id: place.id, updatedAt: place.updatedAt, number: place.number, project };
  return (issue) => plan.compare(issue, last) > 0;
}

function writeToken(jql: string, { id, updatedAt, number, project }: Issue): string {
  const place = JSON.stringify([hash("sha1", jql).slice(0, 8), id, updatedAt, number, project.key]);
  return Buffer.from(place).toString("base64url");
}

function readToken(jql: string, token: string): Place | "invalid" {
  const match = /^\["([0-9a-f]{8})",(\d+),(\d+),(\d+),"(\w+)"\]$/.exec(
    Buffer.from(token, "base64url").toString("utf8"),
  );
  if (match === null || match[1] !== hash("sha1", jql).slice(0, 8)) return "invalid";
  return { id: Number(match[2]), updatedAt: Number(match[3]), number: Number(match[4]), projectKey: match[5] ?? "" };
}

type Asked = {
  readonly jql: string;
  readonly fields: readonly string[];
  readonly maxResults: number;
  readonly properties: readonly string[];
  readonly nextPageToken: string | null;
  readonly reconcileIssues: readonly number[];
};

/** null for a body with any unknown key: Jira rejects it as a whole. */
function readBody(text: string): Asked | null {
  const body = readJson(text);
  if (body === null) return null;
  const { jql = "", fields = ["id"], maxResults = 50, nextPageToken = null, reconcileIssues = [], ...more } = body;
  const { properties = [], ...rest } = more;
  const known = ["expand", "fieldsByKeys", "failFast"];
  if (!isStrings(properties) || properties.length > maxProperties) return null;
  if (Object.keys(rest).some((name) => !known.includes(name))) return null;
  if (typeof jql !== "string" || typeof maxResults !== "number" || !isStrings(fields)) return null;
  if (nextPageToken !== null && typeof nextPageToken !== "string") return null;
  if (!Array.isArray(reconcileIssues) || reconcileIssues.length > maxReconciled) return null;
  const ids = reconcileIssues.filter((id) => typeof id === "number");
  if (ids.length !== reconcileIssues.length) return null;
  return {
    jql,
    fields: fields.flatMap((field) => field.split(",")),
    properties,
    maxResults,
    nextPageToken,
    reconcileIssues: ids,
  };
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function readJson(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
