import type { WireReply, WireRequest } from "../server/http-server.ts";
import { linkTo, type Page, readPage, refuseDeepPage } from "./paging.ts";
import type { Issue, Repo, StateFilter } from "./records.ts";
import { docs, type FieldError, jsonReply, validationFailed } from "./replies.ts";
import type { GitHubState } from "./state.ts";
import type { Wire } from "./wire.ts";
import { firstIndex } from "../server/sorted-index.ts";

type Sort = "created" | "updated" | "comments";

type ListQuery = {
  readonly state: StateFilter;
  readonly sort: Sort;
  readonly ascending: boolean;
  readonly since: number | null;
  readonly matches: ((issue: Issue) => boolean) | null;
  readonly page: Page;
  readonly cursor: { readonly after: boolean; readonly key: number; readonly id: number } | null;
};

/** `GET /repos/{owner}/{repo}/issues`: issues and pull requests, from an index, so that the cost is proportional to the page. */
export function listIssues(
  state: GitHubState,
  wire: Wire,
  repo: Repo,
  request: WireRequest,
  about: { readonly origin: string; readonly version: string },
): WireReply {
  const query = readQuery(state, repo, request.query);
  if ("refusal" in query) return query.refusal;
  const deep = query.cursor === null ? refuseDeepPage(query.page) : null;
  if (deep) return deep;

  const { issues, hasPrevious, hasNext } = choose(repo, query);
  const base = `${about.origin}/repositories/${repo.id}/issues`;
  const links: string[] = [];
  const [first, last] = [issues[0], issues.at(-1)];
  // The live API's links contain a cursor next to the page number: following them never skips what moves in between.
  if (hasNext && last) {
    links.push(
      linkTo(base, request, "next", { before: null, after: cursorOf(last, query.sort), page: query.page.page + 1 }),
    );
  }
  if (hasPrevious && first && query.page.page > 1) {
    links.push(
      linkTo(base, request, "prev", { after: null, before: cursorOf(first, query.sort), page: query.page.page - 1 }),
    );
  }
  return jsonReply(
    200,
    issues.map((issue) => wire.issue(issue, { version: about.version })),
    links.length === 0 ? {} : { Link: links.join(", ") },
  );
}

function choose(repo: Repo, query: ListQuery): { issues: Issue[]; hasPrevious: boolean; hasNext: boolean } {
  const { perPage, page } = query.page;
  const sorted = candidates(repo, query);
  const key = (issue: Issue) => sortKey(issue, query.sort);
  // `sorted` is ascending; direction=desc reads it from the end.
  let low = 0;
  let high = sorted.length;
  if (query.since !== null && query.sort === "updated") {
    const since = query.since;
    low = firstIndex(sorted, (issue) => issue.updatedAt >= since);
  }
  let skip = (page - 1) * perPage;
  const { cursor } = query;
  if (cursor) {
    skip = 0;
    const readsUpwards = query.ascending === cursor.after;
    const compare = (issue: Issue) => key(issue) - cursor.key || issue.id - cursor.id;
    if (readsUpwards)
      low = Math.max(
        low,
        firstIndex(sorted, (issue) => compare(issue) > 0),
      );
    else high = firstIndex(sorted, (issue) => compare(issue) >= 0);
  }
  // A `before` cursor requests the page that ends there.
  const fromEnd = cursor !== null && !cursor.after ? query.ascending : !query.ascending;
  const window = fromEnd
    ? sorted.slice(Math.max(low, high - skip - perPage), Math.max(low, high - skip))
    : sorted.slice(low + skip, Math.min(high, low + skip + perPage));
  const more = high - low > skip + window.length;
  const issues = query.ascending ? window : window.toReversed();
  const isBackwards = cursor !== null && !cursor.after;
  return { issues, hasNext: isBackwards || more, hasPrevious: isBackwards ? more : skip > 0 || cursor !== null };
}

function candidates(repo: Repo, query: ListQuery): readonly Issue[] {
  if (query.sort === "comments") {
    return repo.byCreation[query.state].items
      .filter((issue) => matchesAll(issue, query))
      .toSorted((a, b) => a.commentCount - b.commentCount || a.id - b.id);
  }
  const index = query.sort === "updated" ? repo.byUpdate[query.state] : repo.byCreation[query.state];
  const isScanned = query.matches !== null || (query.since !== null && query.sort === "created");
  return isScanned ? index.items.filter((issue) => matchesAll(issue, query)) : index.items;
}

function matchesAll(issue: Issue, query: ListQuery): boolean {
  return (query.since === null || issue.updatedAt >= query.since) && (query.matches === null || query.matches(issue));
}

function sortKey(issue: Issue, sort: Sort): number {
  return sort === "updated" ? issue.updatedAt : sort === "created" ? issue.createdAt : issue.commentCount;
}

function cursorOf(issue: Issue, sort: Sort): string {
  return Buffer.from(`cursor:v2:${JSON.stringify([sortKey(issue, sort), issue.id])}`).toString("base64");
}

function readCursor(text: string): { key: number; id: number } | null {
  const match = /^cursor:v2:\[(\d+),(\d+)\]$/.exec(Buffer.from(text, "base64").toString("utf8"));
  return match ? { key: Number(match[1]), id: Number(match[2]) } : null;
}

/** Rejects invalid values; ignores parameters GitHub does not know. */
function readQuery(
  state: GitHubState,
  repo: Repo,
  query: URLSearchParams,
): ListQuery | { readonly refusal: WireReply } {
  const errors: FieldError[] = [];
  const choice = <T extends string>(field: string, values: readonly T[], fallback: T): T => {
    const value = query.get(field);
    if (value === null || value === "") return fallback;
    const found = values.find((one) => one === value);
    if (found === undefined) errors.push({ value, resource: "Issue", field, code: "invalid" });
    return found ?? fallback;
  };
  const filter = choice<StateFilter>("state", ["open", "closed", "all"], "open");
  const sort = choice<Sort>("sort", ["created", "updated", "comments"], "created");
  const direction = choice("direction", ["asc", "desc"], "desc");
  const sinceText = query.get("since");
  const since = sinceText === null || sinceText === "" ? null : Date.parse(sinceText);
  if (since !== null && Number.isNaN(since)) {
    errors.push({ value: sinceText ?? "", resource: "Issue", field: "since", code: "invalid" });
  }
  const tests = readTests(state, repo, query, errors);
  const cursorText = query.get("after") ?? query.get("before");
  const cursor = cursorText === null ? null : readCursor(cursorText);
  if (cursorText !== null && cursor === null) {
    errors.push({
      value: cursorText,
      resource: "Issue",
      field: query.has("after") ? "after" : "before",
      code: "invalid",
    });
  }
  if (errors.length > 0) return { refusal: validationFailed(errors, docs.issues) };
  return {
    state: filter,
    sort,
    ascending: direction === "asc",
    since,
    matches: tests.length === 0 ? null : (issue) => tests.every((test) => test(issue)),
    page: readPage(query),
    cursor: cursor === null ? null : { after: query.has("after"), ...cursor },
  };
}

function readTests(
  state: GitHubState,
  repo: Repo,
  query: URLSearchParams,
  errors: FieldError[],
): ((issue: Issue) => boolean)[] {
  const tests: ((issue: Issue) => boolean)[] = [];
  const labels = (query.get("labels") ?? "").split(",").filter((name) => name !== "");
  for (const name of labels.map((label) => label.trim().toLowerCase())) {
    tests.push((issue) => issue.labels.some((label) => label.name.toLowerCase() === name));
  }
  const milestone = query.get("milestone");
  if (milestone === "none") tests.push((issue) => issue.milestone === null);
  else if (milestone === "*") tests.push((issue) => issue.milestone !== null);
  else if (milestone !== null && milestone !== "") {
    const found = repo.milestones.find((one) => String(one.number) === milestone);
    if (found === undefined) errors.push({ value: milestone, resource: "Issue", field: "milestone", code: "invalid" });
    tests.push((issue) => issue.milestone === found);
  }
  const person = (field: "assignee" | "creator" | "mentioned", of: (issue: Issue, login: string) => boolean) => {
    const login = query.get(field)?.toLowerCase();
    if (login === undefined || login === "") return;
    if (field === "assignee" && login === "none") tests.push((issue) => issue.assignees.length === 0);
    else if (field === "assignee" && login === "*") tests.push((issue) => issue.assignees.length > 0);
    else {
      if (!state.users.some((user) => user.login.toLowerCase() === login)) {
        errors.push({ value: login, resource: "Issue", field, code: "invalid" });
      }
      tests.push((issue) => of(issue, login));
    }
  };
  person("assignee", (issue, login) => issue.assignees.some((user) => user.login.toLowerCase() === login));
  person("creator", (issue, login) => issue.user.login.toLowerCase() === login);
  person("mentioned", (issue, login) => (issue.body ?? "").toLowerCase().includes(`@${login}`));
  const type = query.get("type")?.toLowerCase();
  if (type === "none") tests.push((issue) => issue.type === null);
  else if (type === "*") tests.push((issue) => issue.type !== null);
  else if (type !== undefined && type !== "") tests.push((issue) => issue.type?.name.toLowerCase() === type);
  return tests;
}
