import { type Connection, invalidCursor, type PageArguments, readPageSize, toConnection } from "./connection.ts";
import { type Filter, findBounds, findEqual, matchIssue } from "./filter.ts";
import type { Issue, Team, User } from "./records.ts";
import { compareText, type LinearState } from "./state.ts";

export type IssueArguments = PageArguments & { readonly filter?: Filter | null };

export type Viewer = { readonly user: User; readonly sees: (team: Team) => boolean };

/**
 * The connection over all issues the viewer sees: newest first, read from an index at the cursor, so that the cost is proportional to the page. A cursor is a
 * point in time, not a position: issues that change move in front of it and shift nothing.
 */
export function listIssues(
  state: LinearState,
  viewer: Viewer,
  args: IssueArguments,
  also?: (issue: Issue) => boolean,
): Connection<Issue> {
  const { size, backwards } = readPageSize(args);
  const key = args.orderBy ?? "createdAt";
  const { filter } = args;
  const team = findTeam(state, filter);
  const indexes = team === undefined ? state.issues : team.issues;
  const index = key === "updatedAt" ? indexes.byUpdate : indexes.byCreation;
  const { items } = index;
  const findFirst = (isAtOrAfter: (issue: Issue) => boolean) => index.findFirst(isAtOrAfter);

  const bounds = findBounds(filter, key);
  const isPast = (cursor: Cursor) => (issue: Issue) => issue[key] - cursor.at || compareText(issue.id, cursor.id);
  const after = typeof args.after === "string" ? readCursor(args.after) : null;
  const before = typeof args.before === "string" ? readCursor(args.before) : null;
  // Items ascend, but a connection descends, from `high - 1` down to `low`.
  let low = findFirst((issue) => issue[key] >= bounds.from);
  let high = findFirst((issue) => issue[key] > bounds.to);
  if (after)
    high = Math.min(
      high,
      findFirst((issue) => isPast(after)(issue) >= 0),
    );
  if (before)
    low = Math.max(
      low,
      findFirst((issue) => isPast(before)(issue) > 0),
    );

  const scope = { now: state.now(), viewer: viewer.user };
  const fits = (issue: Issue) =>
    (args.includeArchived === true || issue.archivedAt === null) &&
    viewer.sees(issue.team) &&
    (also === undefined || also(issue)) &&
    (filter === null || filter === undefined || matchIssue(filter, issue, scope));

  const found: Issue[] = [];
  // Read one more than the page, to know whether it is the last.
  if (backwards) {
    for (let at = low; at < high && found.length <= size; at += 1) collect(items[at]);
    const page = found.slice(0, size).toReversed();
    return toConnection(page, (issue) => writeCursor(issue, key), found.length > size, before !== null);
  }
  for (let at = high - 1; at >= low && found.length <= size; at -= 1) collect(items[at]);
  return toConnection(found.slice(0, size), (issue) => writeCursor(issue, key), after !== null, found.length > size);

  function collect(issue: Issue | undefined): void {
    if (issue !== undefined && fits(issue)) found.push(issue);
  }
}

function findTeam(state: LinearState, filter: Filter | null | undefined): Team | undefined {
  const id = findEqual(filter, ["team", "id"]);
  const key = findEqual(filter, ["team", "key"]);
  return state.teams.find((team) => (id === undefined ? team.key === key : team.id === id));
}

type Cursor = { readonly at: number; readonly id: string };

function writeCursor(issue: Issue, key: "createdAt" | "updatedAt"): string {
  return Buffer.from(JSON.stringify({ key: issue.id, [key]: issue[key] })).toString("base64");
}

function readCursor(text: string): Cursor {
  const match = /^\{"key":"([0-9a-f-]{36})","(?:createdAt|updatedAt)":(\d+)\}$/.exec(
    Buffer.from(text, "base64").toString("utf8"),
  );
  if (match?.[1] === undefined) throw invalidCursor();
  return { id: match[1], at: Number(match[2]) };
}
