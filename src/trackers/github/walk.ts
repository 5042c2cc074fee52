import type { RejectedRecord } from "../tracker.ts";
import { fieldOf, parseRecord } from "../http/parse-body.ts";
import type { GithubClient, IssueListPage, IssueListQuery } from "./client.ts";
import type { Crowd, Crowds } from "../crowds.ts";
import { Issue } from "./schema.ts";

/** Where a list is read on: from this time, without the entries already given that carry exactly this time. */
export type WalkPoint = { readonly since: string | null; readonly seen: readonly number[] };

export type WalkPage = {
  readonly issues: readonly Issue[];
  readonly rejected: readonly RejectedRecord[];
  /** null on the last page. */
  readonly next: WalkPoint | null;
  /** The latest update time on the page. */
  readonly latest: number | null;
  readonly answer: IssueListPage;
};

type ListState = IssueListQuery["state"];

type Entry = { readonly id: number | null; readonly updatedAt: number | null; readonly raw: unknown };

/**
 * Reads a repository's issues in ascending update time. The next page is asked for by time, so that what changes meanwhile moves to
 * the end and is read there instead of shifting the pages. Where a whole page shares one time, that crowd is paged by `Link`; a break
 * inside starts the crowd anew.
 */
export async function* walkIssues(
  client: GithubClient,
  repository: string,
  query: {
    readonly state: IssueListQuery["state"];
    readonly start: WalkPoint;
    readonly crowds: Crowds<ListState>;
    readonly etag?: string | null;
  },
  signal: AbortSignal,
): AsyncGenerator<WalkPage, void, undefined> {
  const { state, crowds } = query;
  let point = query.start;
  let etag = query.etag;
  for (;;) {
    const answer = await client.fetchIssues(repository, { state, since: point.since }, signal, etag);
    etag = null;
    const entries = answer.records.map(toEntry);
    crowds.see(entries);
    const latest = latestOf(entries);
    const fresh = withoutSeen(entries, point);
    if (answer.next === null) {
      yield toPage(fresh, null, latest, answer);
      return;
    }
    if (latest !== null && latest > timeOf(point.since)) {
      point = pointAt(latest, entries);
      yield toPage(fresh, point, latest, answer);
      continue;
    }
    const crowd = { list: state, since: point.since };
    crowds.add(crowd, entries);
    yield toPage(fresh, { since: crowd.since, seen: [] }, latest, answer);
    const after = yield* followCrowd(client, crowd, answer.next, crowds, signal);
    if (after === null) return;
    point = after;
  }
}

/** Reads a crowd again from its beginning; `next` of its pages is the crowd's own beginning. */
export async function* walkCrowd(
  client: GithubClient,
  repository: string,
  crowd: Crowd<ListState>,
  crowds: Crowds<ListState>,
  signal: AbortSignal,
): AsyncGenerator<WalkPage, void, undefined> {
  const answer = await client.fetchIssues(repository, { state: crowd.list, since: crowd.since }, signal);
  const entries = answer.records.map(toEntry);
  const latest = latestOf(entries);
  yield toPage(entries, { since: crowd.since, seen: [] }, latest, answer);
  // By now so many may have left that the rest fits the page.
  if (answer.next === null || (latest !== null && latest > timeOf(crowd.since))) return;
  crowds.add(crowd, entries);
  yield* followCrowd(client, crowd, answer.next, crowds, signal);
}

/** Pages on through a crowd by `Link` and gives where to go on by time; null when the list ended. */
async function* followCrowd(
  client: GithubClient,
  crowd: Crowd<ListState>,
  firstLink: string,
  crowds: Crowds<ListState>,
  signal: AbortSignal,
): AsyncGenerator<WalkPage, WalkPoint | null, undefined> {
  const restart: WalkPoint = { since: crowd.since, seen: [] };
  for (let link = firstLink; ;) {
    const answer = await client.fetchLinkedIssues(link, signal);
    const entries = answer.records.map(toEntry);
    crowds.see(entries);
    const latest = latestOf(entries);
    if (answer.next === null) {
      yield toPage(entries, null, latest, answer);
      return null;
    }
    if (latest !== null && latest > timeOf(crowd.since)) {
      const after = pointAt(latest, entries);
      yield toPage(entries, after, latest, answer);
      return after;
    }
    crowds.add(crowd, entries);
    yield toPage(entries, restart, latest, answer);
    link = answer.next;
  }
}

function timeOf(since: string | null): number {
  return since === null ? -Infinity : Date.parse(since);
}

function toEntry(raw: unknown): Entry {
  const id = fieldOf(raw, "id");
  const time = Date.parse(String(fieldOf(raw, "updated_at")));
  return { id: typeof id === "number" ? id : null, updatedAt: Number.isNaN(time) ? null : time, raw };
}

function latestOf(entries: readonly Entry[]): number | null {
  return entries.reduce<number | null>(
    (latest, { updatedAt }) => (updatedAt !== null && (latest === null || updatedAt > latest) ? updatedAt : latest),
    null,
  );
}

/** The time is given back as the tracker wrote it: another spelling of the same moment may sort elsewhere. */
function pointAt(time: number, entries: readonly Entry[]): WalkPoint {
  const same = entries.filter(({ updatedAt }) => updatedAt === time);
  const written = String(fieldOf(same[0]?.raw, "updated_at"));
  return { since: written, seen: same.flatMap(({ id }) => (id === null ? [] : [id])) };
}

function withoutSeen(entries: readonly Entry[], point: WalkPoint): readonly Entry[] {
  if (point.since === null || point.seen.length === 0) return entries;
  const seen = new Set(point.seen);
  const at = Date.parse(point.since);
  return entries.filter(({ id, updatedAt }) => id === null || updatedAt !== at || !seen.has(id));
}

function toPage(
  entries: readonly Entry[],
  next: WalkPoint | null,
  latest: number | null,
  answer: IssueListPage,
): WalkPage {
  const issues: Issue[] = [];
  const rejected: RejectedRecord[] = [];
  for (const { raw, id } of entries) {
    // Every pull request is an issue to GitHub's list.
    if (fieldOf(raw, "pull_request") != null) continue;
    const record = parseRecord(Issue, raw, () => (id === null ? null : String(id)));
    if (record.ok) issues.push(record.value);
    else rejected.push(record.rejected);
  }
  return { issues, rejected, next, latest, answer };
}
