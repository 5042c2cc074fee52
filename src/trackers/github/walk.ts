import type { RejectedRecord } from "../tracker.ts";
import { fieldOf, parseRecord } from "../http/parse-body.ts";
import type { GithubClient, IssueListPage, IssueListQuery } from "./client.ts";
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

type Entry = { readonly id: number | null; readonly updatedAt: number | null; readonly raw: unknown };

/** How often a cluster of equal times is walked at most until nothing moved under the walk; the daily sweep repairs the rest. */
const mostRounds = 5;

/**
 * Reads a repository's issues in ascending update time. The next page is asked for by time, so that what changes meanwhile moves to
 * the end and is read there instead of shifting the pages. Where a whole page shares one time, that cluster is paged by `Link`.
 */
export async function* walkIssues(
  client: GithubClient,
  repository: string,
  query: { readonly state: IssueListQuery["state"]; readonly start: WalkPoint; readonly etag?: string | null },
  signal: AbortSignal,
): AsyncGenerator<WalkPage, void, undefined> {
  let point = query.start;
  let etag = query.etag;
  for (;;) {
    const answer = await client.fetchIssues(repository, { state: query.state, since: point.since }, signal, etag);
    etag = null;
    const entries = answer.records.map(toEntry);
    const latest = latestOf(entries);
    const fresh = withoutSeen(entries, point);
    if (answer.next === null) {
      yield toPage(fresh, null, latest, answer);
      return;
    }
    const sinceMs = point.since === null ? -Infinity : Date.parse(point.since);
    if (latest !== null && latest > sinceMs) {
      point = pointAt(latest, entries);
      yield toPage(fresh, point, latest, answer);
      continue;
    }
    const restart: WalkPoint = { since: point.since, seen: [] };
    yield toPage(fresh, restart, latest, answer);
    const fetch = (known: string | null) =>
      client.fetchIssues(repository, { state: query.state, since: restart.since }, signal, known);
    const page = toClusterPage(fetch, answer);
    const after = yield* walkCluster(client, { clusterMs: sinceMs, restart, page }, signal);
    if (after === null) return;
    point = after;
  }
}

type ClusterPage = {
  readonly fetch: (etag: string | null) => Promise<IssueListPage>;
  readonly etag: string | null;
  readonly ids: readonly (number | null)[];
  readonly next: string | null;
};

/**
 * Pages through a cluster by `Link` and gives where to go on by time; null when the list ends with it. An entry that changes meanwhile
 * leaves the cluster and shifts the pages behind it to the left, so the pages are asked again, with their ETags, until none changed.
 * A break inside starts the cluster anew.
 */
async function* walkCluster(
  client: GithubClient,
  start: { readonly clusterMs: number; readonly restart: WalkPoint; readonly page: ClusterPage },
  signal: AbortSignal,
): AsyncGenerator<WalkPage, WalkPoint | null, undefined> {
  const { clusterMs, restart } = start;
  let pages: ClusterPage[] = [start.page];
  let after: WalkPoint | null = null;
  let last: IssueListPage | null = null;

  for (let round = 1; round <= mostRounds; round++) {
    after = null;
    let link = pages.at(-1)?.next ?? null;
    while (link !== null) {
      const url: string = link;
      const fetch = (etag: string | null) => client.fetchLinkedIssues(url, signal, etag);
      const answer = await fetch(null);
      last = answer;
      const entries = answer.records.map(toEntry);
      const latest = latestOf(entries);
      yield toPage(entries, restart, latest, answer);
      link = answer.next;
      if (link === null) break;
      if (latest !== null && latest > clusterMs) {
        after = pointAt(latest, entries);
        break;
      }
      pages.push(toClusterPage(fetch, answer));
    }
    const shifted: ClusterPage[] | null = yield* findShift(pages, restart);
    if (shifted === null) break;
    pages = shifted;
  }
  if (after === null && last !== null) yield toPage([], null, null, last);
  return after;
}

/** Asks the pages of a cluster again; gives those up to the first that changed, that one as it is now, or null when none did. */
async function* findShift(
  pages: readonly ClusterPage[],
  restart: WalkPoint,
): AsyncGenerator<WalkPage, ClusterPage[] | null, undefined> {
  for (const [index, page] of pages.entries()) {
    const answer = await page.fetch(page.etag);
    if (answer.status === 304) continue;
    const now = toClusterPage(page.fetch, answer);
    if (now.ids.length === page.ids.length && now.ids.every((id, place) => id === page.ids[place])) continue;
    const entries = answer.records.map(toEntry);
    yield toPage(entries, restart, latestOf(entries), answer);
    return [...pages.slice(0, index), now];
  }
  return null;
}

function toClusterPage(fetch: ClusterPage["fetch"], answer: IssueListPage): ClusterPage {
  return { fetch, etag: answer.etag, ids: answer.records.map((raw) => toEntry(raw).id), next: answer.next };
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

function pointAt(time: number, entries: readonly Entry[]): WalkPoint {
  const seen = entries.flatMap(({ id, updatedAt }) => (updatedAt === time && id !== null ? [id] : []));
  return { since: new Date(time).toISOString().replace(".000Z", "Z"), seen };
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
