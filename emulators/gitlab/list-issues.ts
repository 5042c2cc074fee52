import type { WireReply, WireRequest } from "../server/http-server.ts";
import type { Account } from "./access.ts";
import { type ListAddress, keysetReply, offsetReply } from "./paging.ts";
import { createParams, type Page, type Params } from "./params.ts";
import type { Issue, Project, StateFilter } from "./records.ts";
import { badRequest, jsonReply, notAllowed } from "./replies.ts";
import type { Wire } from "./wire.ts";
import { firstIndex } from "../server/sorted-index.ts";

const orders = [
  "created_at",
  "due_date",
  "label_priority",
  "milestone_due",
  "popularity",
  "priority",
  "relative_position",
  "title",
  "updated_at",
  "weight",
] as const;
type Order = (typeof orders)[number];

/** The orders that keyset pagination of a project's issues supports since GitLab 18.3. https://docs.gitlab.com/api/rest/#keyset-based-pagination */
const keysetOrders: readonly Order[] = ["created_at", "updated_at", "title", "weight", "due_date"];

const scopes = ["created-by-me", "assigned-to-me", "created_by_me", "assigned_to_me", "all"] as const;

type Query = {
  readonly state: StateFilter;
  readonly order: Order;
  readonly ascending: boolean;
  readonly updatedAfter: number | null;
  readonly updatedBefore: number | null;
  readonly tests: readonly ((issue: Issue) => boolean)[];
  readonly page: Page;
};

/** `GET /projects/:id/issues`, and `GET /issues` over all of `projects`; `scope` defaults to `all` in the first and to the caller's own in the second. */
export function listIssues(
  projects: readonly Project[],
  about: {
    readonly account: Account;
    readonly wire: Wire;
    readonly edition: { readonly hasKeyset: boolean };
    readonly request: WireRequest;
    readonly url: string;
    readonly defaultScope: "all" | "created_by_me";
    readonly id: string | null;
  },
): WireReply {
  const params = createParams(about.request.query);
  const query = readQuery(params, about.account, about.defaultScope);
  const isKeyset = params.text("pagination") === "keyset";
  const withDetails = params.flag("with_labels_details", false);
  const refusal = params.refusal();
  if (refusal) return refusal;

  const address: ListAddress = {
    url: about.url,
    request: about.request,
    defaults: {
      order_by: query.order,
      sort: query.ascending ? "asc" : "desc",
      state: query.state,
      with_labels_details: String(withDetails),
      ...(about.id === null ? {} : { id: about.id }),
    },
  };
  const toWire = (issue: Issue) => about.wire.issue(issue, { withLabelsDetails: withDetails });
  const { items, low, high } = choose(projects, query);
  if (!isKeyset) {
    const start = low + (query.page.page - 1) * query.page.perPage;
    const window = items.slice(Math.min(high, start), Math.min(high, start + query.page.perPage));
    return offsetReply(window.map(toWire), Math.max(0, high - low), query.page, address);
  }
  if (!about.edition.hasKeyset || about.id === null || !keysetOrders.includes(query.order)) {
    return notAllowed("Keyset pagination is not yet available for this type of request");
  }
  const text = params.text("cursor");
  const cursor = text === null ? null : readCursor(text, query.order);
  if (text !== null && cursor === null) return badRequest(["cursor is invalid"]);
  const compare = comparator(query);
  const from =
    cursor === null
      ? low
      : Math.max(
          low,
          firstIndex(items, (issue) => compare(issue, cursor) > 0),
        );
  const window = items.slice(from, Math.min(high, from + query.page.perPage));
  const last = window.at(-1);
  const next = last !== undefined && from + window.length < high ? { cursor: cursorOf(last, query.order) } : null;
  return keysetReply(window.map(toWire), next, address);
}

/** `GET /projects/:id/issues_statistics`: the counts of any list, however long. */
export function countIssues(
  projects: readonly Project[],
  about: { readonly account: Account; readonly request: WireRequest },
): WireReply {
  const params = createParams(about.request.query);
  const query = readQuery(params, about.account, "all");
  const refusal = params.refusal();
  if (refusal) return refusal;
  const count = (state: StateFilter) => {
    const { low, high } = choose(projects, { ...query, state, order: "updated_at", ascending: true });
    return Math.max(0, high - low);
  };
  const counts = { all: count("all"), closed: count("closed"), opened: count("opened") };
  return jsonReply(200, { statistics: { counts } });
}

function readQuery(params: Params, account: Account, defaultScope: "all" | "created_by_me"): Query {
  const tests: ((issue: Issue) => boolean)[] = [];
  const scope = params.choice("scope", scopes, defaultScope).replaceAll("-", "_");
  if (scope === "created_by_me") tests.push((issue) => issue.author === account.user);
  if (scope === "assigned_to_me") tests.push((issue) => issue.assignees.includes(account.user));
  const iids = params.integers("iids");
  if (iids.length > 0) tests.push((issue) => iids.includes(issue.iid));
  const labels = params.list("labels");
  if (/^none$/i.test(labels.join())) tests.push((issue) => issue.labels.length === 0);
  else if (/^any$/i.test(labels.join())) tests.push((issue) => issue.labels.length > 0);
  else for (const name of labels) tests.push((issue) => issue.labels.some((label) => label.name === name));
  const milestone = params.text("milestone");
  if (milestone !== null) tests.push((issue) => (issue.milestone?.title ?? "None") === milestone);
  const authorId = params.integer("author_id");
  if (authorId !== null) tests.push((issue) => issue.author.id === authorId);
  const assignee = params.text("assignee_id");
  if (assignee !== null) {
    if (/^none$/i.test(assignee)) tests.push((issue) => issue.assignees.length === 0);
    else if (/^any$/i.test(assignee)) tests.push((issue) => issue.assignees.length > 0);
    else {
      const id = params.integer("assignee_id");
      tests.push((issue) => issue.assignees.some((user) => user.id === id));
    }
  }
  const type = params.choice("issue_type", ["", "issue", "incident", "test_case", "requirement", "task"], "");
  if (type !== "") tests.push((issue) => issue.type === type);
  const words = params.text("search")?.toLowerCase();
  if (words !== undefined) {
    tests.push((issue) => `${issue.title} ${issue.description ?? ""}`.toLowerCase().includes(words));
  }
  const createdAfter = params.time("created_after");
  if (createdAfter !== null) tests.push((issue) => issue.createdAt >= createdAfter);
  const createdBefore = params.time("created_before");
  if (createdBefore !== null) tests.push((issue) => issue.createdAt <= createdBefore);
  return {
    state: params.choice<StateFilter>("state", ["opened", "closed", "all"], "all"),
    order: params.choice("order_by", orders, "created_at"),
    ascending: params.choice("sort", ["asc", "desc"], "desc") === "asc",
    updatedAfter: params.time("updated_after"),
    updatedBefore: params.time("updated_before"),
    tests,
    page: params.page(),
  };
}

type Chosen = { readonly items: readonly Issue[]; readonly low: number; readonly high: number };

/** The matching issues in order: a range of the project's index if possible, otherwise sorted on demand. */
function choose(projects: readonly Project[], query: Query): Chosen {
  const { updatedAfter, updatedBefore, tests } = query;
  const [only] = projects;
  if (projects.length === 1 && only && query.order === "updated_at" && query.ascending && tests.length === 0) {
    const { items } = only.byUpdate[query.state];
    return {
      items,
      low: updatedAfter === null ? 0 : firstIndex(items, (issue) => issue.updatedAt >= updatedAfter),
      high: updatedBefore === null ? items.length : firstIndex(items, (issue) => issue.updatedAt > updatedBefore),
    };
  }
  const items = projects
    .flatMap((project) => project.byUpdate[query.state].items)
    .filter(
      (issue) =>
        (updatedAfter === null || issue.updatedAt >= updatedAfter) &&
        (updatedBefore === null || issue.updatedAt <= updatedBefore) &&
        tests.every((test) => test(issue)),
    )
    .sort(comparator(query));
  return { items, low: 0, high: items.length };
}

type Place = Pick<Issue, "id" | "title" | "createdAt" | "updatedAt" | "weight" | "dueDate">;

/** Ties are ordered by descending id in both directions. */
function comparator({ order, ascending }: Pick<Query, "order" | "ascending">): (a: Place, b: Place) => number {
  const sign = ascending ? 1 : -1;
  return (a, b) => {
    const [x, y] = [keyOf(a, order), keyOf(b, order)];
    return (x < y ? -sign : x > y ? sign : 0) || b.id - a.id;
  };
}

function keyOf(issue: Place, order: Order): number | string {
  if (order === "updated_at") return issue.updatedAt;
  if (order === "title") return issue.title;
  if (order === "weight") return issue.weight ?? Number.MAX_SAFE_INTEGER;
  if (order === "due_date" || order === "milestone_due") return issue.dueDate ?? "9999";
  return issue.createdAt;
}

const fields = {
  created_at: "createdAt",
  updated_at: "updatedAt",
  title: "title",
  weight: "weight",
  due_date: "dueDate",
};

/** Opaque to clients: the sort key and the id. */
function cursorOf(issue: Issue, order: Order): string {
  const key = keyOf(issue, order);
  const shown = order.endsWith("_at") ? new Date(Number(key)).toISOString() : key;
  return Buffer.from(JSON.stringify({ [order]: shown, id: String(issue.id), _kd: "n" })).toString("base64url");
}

function readCursor(text: string, order: Order): Place | null {
  try {
    const parsed = JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as Record<string, string>;
    const key = parsed[order];
    if (key === undefined || parsed["id"] === undefined) return null;
    const place = { title: "", createdAt: 0, updatedAt: 0, weight: null, dueDate: null, id: Number(parsed["id"]) };
    return { ...place, [fields[order as keyof typeof fields]]: order.endsWith("_at") ? Date.parse(key) : key };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
