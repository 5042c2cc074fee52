import type { WireReply, WireRequest } from "../server/http-server.ts";
import { type Account, canSee } from "./access.ts";
import { pageOf, readPage } from "./paging.ts";
import type { Issue, Repo } from "./records.ts";
import { docs, jsonReply, messageReply, validationFailed } from "./replies.ts";
import { findRepo, type GitHubState } from "./state.ts";
import type { Wire } from "./wire.ts";

/** Search returns at most this many records, whatever `total_count` says. */
const searchableRecords = 1_000;

type Test = (issue: Issue) => boolean;

/** `GET /search/issues`, with the qualifiers needed for counting issues. */
export function searchIssues(
  state: GitHubState,
  wire: Wire,
  account: Account,
  request: WireRequest,
  about: { readonly origin: string; readonly version: string },
): WireReply {
  const text = request.query.get("q") ?? "";
  if (text.trim() === "") {
    return validationFailed([{ resource: "Search", field: "q", code: "missing" }], docs.search);
  }
  const terms = text.match(/-?[\w-]+:"[^"]*"|"[^"]*"|\S+/g) ?? [];
  const repos: Repo[] = [];
  const tests: Test[] = [];
  for (const term of terms) {
    const isNegated = term.startsWith("-");
    const [, name = "", rawValue = ""] = /^-?([\w-]+):(.*)$/s.exec(term) ?? [];
    const value = rawValue.replaceAll('"', "");
    if (name === "repo") {
      const repo = findRepo(state, value);
      if (!repo || !canSee(account, repo)) return unsearchable();
      repos.push(repo);
      continue;
    }
    if (name === "org" || name === "user") {
      if (value.toLowerCase() !== state.organisation.login) return unsearchable();
      repos.push(...state.repos.filter((repo) => canSee(account, repo)));
      continue;
    }
    const test = name === "" ? wordTest(term) : qualifierTest(name, value);
    if (test === null) return validationFailed([{ resource: "Search", field: "q", code: "invalid" }], docs.search);
    tests.push(isNegated ? (issue) => !test(issue) : test);
  }
  const within = repos.length > 0 ? repos : state.repos.filter((repo) => canSee(account, repo));
  const found = within.flatMap((repo) =>
    repo.byCreation.all.items.filter((issue) => tests.every((test) => test(issue))),
  );
  const ordered = sortFound(found, request.query);
  const { page, perPage } = readPage(request.query);
  if ((page - 1) * perPage >= searchableRecords) {
    return messageReply(422, "Only the first 1000 search results are available", docs.search);
  }
  const cut = pageOf(ordered.slice(0, searchableRecords), `${about.origin}/search/issues`, request);
  return jsonReply(
    200,
    {
      total_count: found.length,
      incomplete_results: false,
      search_type: "lexical",
      items: cut.items.map((issue) => wire.issue(issue, { version: about.version, score: 1 })),
    },
    cut.headers,
  );
}

function unsearchable(): WireReply {
  return validationFailed(
    [
      {
        message:
          "The listed users and repositories cannot be searched either because the resources do not exist or you do not have permission to view them.",
        resource: "Search",
        field: "q",
        code: "invalid",
      },
    ],
    docs.search,
  );
}

function wordTest(term: string): Test {
  const word = term.replaceAll('"', "").replace(/^-/, "").toLowerCase();
  return (issue) => issue.title.toLowerCase().includes(word) || (issue.body ?? "").toLowerCase().includes(word);
}

function qualifierTest(name: string, value: string): Test | null {
  const folded = value.toLowerCase();
  switch (name) {
    case "is":
    case "type":
    case "state":
      return stateTest(folded);
    case "reason": {
      const reason = folded.replace(/ /g, "_");
      return (issue) => issue.stateReason === reason;
    }
    case "label":
      return (issue) => issue.labels.some((label) => label.name.toLowerCase() === folded);
    case "author":
      return (issue) => issue.user.login.toLowerCase() === folded;
    case "assignee":
      return (issue) => issue.assignees.some((user) => user.login.toLowerCase() === folded);
    case "milestone":
      return (issue) => issue.milestone?.title.toLowerCase() === folded;
    case "no":
      if (folded === "assignee") return (issue) => issue.assignees.length === 0;
      if (folded === "milestone") return (issue) => issue.milestone === null;
      return folded === "label" ? (issue) => issue.labels.length === 0 : null;
    case "created":
      return timeTest(value, (issue) => issue.createdAt);
    case "updated":
      return timeTest(value, (issue) => issue.updatedAt);
    case "closed":
      return timeTest(value, (issue) => issue.closedAt);
    case "in":
    case "sort":
      return () => true;
    default:
      return null;
  }
}

function stateTest(value: string): Test | null {
  switch (value) {
    case "issue":
      return (issue) => !issue.isPull;
    case "pr":
    case "pull-request":
      return (issue) => issue.isPull;
    case "open":
      return (issue) => issue.state === "open";
    case "closed":
      return (issue) => issue.state === "closed";
    default:
      return null;
  }
}

/** `<2026-01-01`, `>=2026-01-01T10:00:00Z`, `2026-01-01..2026-02-01`, `2026-01-01`. A date alone is that whole day in UTC. */
function timeTest(value: string, timeOf: (issue: Issue) => number | null): Test | null {
  const range = /^(.+)\.\.(.+)$/.exec(value);
  const [, operator = "", moment = ""] = /^(<=|>=|<|>)?(.+)$/.exec(value) ?? [];
  const span = (text: string): { from: number; to: number } | null => {
    const from = Date.parse(text);
    if (Number.isNaN(from)) return text === "*" ? { from: -Infinity, to: Infinity } : null;
    return { from, to: /^\d{4}-\d\d-\d\d$/.test(text) ? from + 86_400_000 - 1 : from };
  };
  const start = span(range?.[1] ?? moment);
  const end = span(range?.[2] ?? moment);
  if (start === null || end === null) return null;
  const within = (test: (time: number) => boolean): Test => {
    return (issue) => {
      const time = timeOf(issue);
      return time !== null && test(time);
    };
  };
  if (range) return within((time) => time >= start.from && (end.to === Infinity || time <= end.to));
  if (operator === "<") return within((time) => time < start.from);
  if (operator === "<=") return within((time) => time <= start.to);
  if (operator === ">") return within((time) => time > start.to);
  if (operator === ">=") return within((time) => time >= start.from);
  return within((time) => time >= start.from && time <= start.to);
}

function sortFound(found: Issue[], query: URLSearchParams): Issue[] {
  const sort = query.get("sort");
  const sign = query.get("order") === "asc" ? 1 : -1;
  const key = (issue: Issue) =>
    sort === "updated" ? issue.updatedAt : sort === "comments" ? issue.commentCount : issue.createdAt;
  return found.sort((a, b) => sign * (key(a) - key(b) || a.id - b.id));
}
