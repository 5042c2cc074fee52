import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import { fieldOf, parseRecord } from "../http/parse-body.ts";
import type { RejectedRecord, Source } from "../tracker.ts";
import { type JiraClient, pageSize, type SearchPage } from "./client.ts";
import { conditionsOf, secondMs } from "./jql.ts";
import { markKey } from "./marker.ts";
import { Issue, readTime } from "./schema.ts";

/**
 * Where to continue in a list: from this time, without the entries already returned, as `id:time`. In a crowd (more issues in one second than fit on a page),
 * by key instead: `afterKey` is the last one read.
 */
export type WalkPoint = {
  readonly since: number | null;
  readonly seen: readonly string[];
  readonly crowd: boolean;
  readonly afterKey: string | null;
};

export type WalkPage = {
  readonly issues: readonly Issue[];
  readonly rejected: readonly RejectedRecord[];
  /** null on the last page. */
  readonly next: WalkPoint | null;
  /** The latest update time on the page. */
  readonly latest: number | null;
  /** The earliest update time of an issue left out because it seems older than this connection's own write. */
  readonly leftOut: number | null;
  readonly answer: SearchPage;
};

export type Entry = {
  readonly id: string | null;
  readonly key: string;
  readonly updatedAt: number | null;
  readonly raw: unknown;
};

/**
 * Reads a project's issues in ascending update time. Cloud's page tokens denote a position in that order, so they are followed; after an interruption, and
 * always in Data Center, the next page is requested by time. A second with more issues than fit on a page is read by key, which no update shifts. The next page
 * is fetched while the current one is processed.
 */
export async function* walkIssues(
  client: JiraClient,
  source: Source,
  query: {
    readonly category: "open" | "done" | undefined;
    readonly start: WalkPoint;
    readonly fields: readonly string[];
  },
  outer: AbortSignal,
): AsyncGenerator<WalkPage, void, undefined> {
  const left = new AbortController();
  const signal = AbortSignal.any([outer, left.signal]);
  /** The point that the query starts at; tokens belong to the query. */
  let asked = query.start;
  /** How far the list has been read. */
  let at = query.start;
  let token: string | null = null;
  /** The same for all pages of a token's list. */
  let reconcile = client.ownWrites.recent();
  const given = new Set<string>();
  const fetchNext = (): Promise<SearchPage> => {
    if (token === null) reconcile = client.ownWrites.recent();
    const { fields } = query;
    const jql = jqlOf(source, query.category, asked);
    const page = client.search({ jql, fields, maxResults: pageSize, token, reconcile, properties: [markKey] }, signal);
    // Errors are thrown where the promise is awaited; this prevents an unhandled rejection until then.
    page.catch(() => undefined);
    return page;
  };
  let page = fetchNext();
  try {
    for (;;) {
      let answer: SearchPage;
      try {
        answer = await page;
      } catch (error) {
        if (asked.afterKey === null || !isRefusedQuery(error)) throw error;
        // Reads the crowd again from its start; returning an issue twice is harmless.
        asked = { ...asked, afterKey: null };
        at = asked;
        token = null;
        page = fetchNext();
        continue;
      }
      refuseRepeated(given, answer.token);
      const entries = answer.records.map(toEntry);
      const fresh = token === null ? withoutSeen(entries, asked) : entries;
      const latest = latestOf(entries);
      const isLast = !answer.more && !asked.crowd;
      const next = isLast ? null : following(at, entries, latest, answer);
      if (next !== null) {
        token = next.crowd === asked.crowd ? answer.token : null;
        at = next;
        if (token === null) asked = next;
        page = fetchNext();
      }
      const stale = fresh.filter(
        ({ id, updatedAt }) => id !== null && updatedAt !== null && client.ownWrites.isStale(id, updatedAt),
      );
      const shown = stale.length === 0 ? fresh : fresh.filter((entry) => !stale.includes(entry));
      yield { ...toPage(shown, next, latest, answer), leftOut: earliestOf(stale) };
      if (next === null) return;
    }
  } finally {
    left.abort();
  }
}

function following(at: WalkPoint, entries: readonly Entry[], latest: number | null, answer: SearchPage): WalkPoint {
  if (at.crowd) {
    if (!answer.more) return pointAt((at.since ?? 0) + secondMs, []);
    return { ...at, afterKey: entries.at(-1)?.key ?? at.afterKey };
  }
  if (latest === null) {
    // Without any time on the page, only a token leads on.
    if (answer.token === null) throw unreadable("a whole page of issues without an update time");
    return at;
  }
  const second = Math.floor(latest / secondMs) * secondMs;
  return at.since === null || second > at.since
    ? pointAt(second, entries)
    : { since: at.since, seen: [], crowd: true, afterKey: null };
}

function jqlOf(source: Source, category: "open" | "done" | undefined, point: WalkPoint): string {
  const { since, crowd, afterKey } = point;
  const conditions = conditionsOf(source, {
    category,
    since,
    ...(crowd ? { before: (since ?? 0) + secondMs, afterKey } : {}),
  });
  return `${conditions} ORDER BY ${crowd ? "" : "updated ASC, "}key ASC`;
}

/**
 * Whether a query was refused. A query by key is refused if its issue was deleted or moved meanwhile: "An issue with key 'X-1' does not exist for field 'key'",
 * "Operator '>' cannot be applied to moved issue key". https://github.com/atlassian-api/atlassian-python-api/pull/752
 */
export function isRefusedQuery(error: unknown): boolean {
  return isPanopticonError(error) && error.code === "invalid_input";
}

/** Throws `invalid_response` for a repeated token, which would read the same page forever. */
export function refuseRepeated(given: Set<string>, token: string | null): void {
  if (token === null) return;
  if (given.has(token)) throw unreadable("the same page token twice");
  given.add(token);
}

function unreadable(what: string): PanopticonError {
  return new PanopticonError("invalid_response", `Jira's search returned ${what}.`, {
    tracker: "jira",
    hint: "Panopticon retries in the next run. If the problem persists, report it with the output of DEBUG=jira.",
  });
}

/** The id and key of a record, even if the rest is invalid. */
export function toEntry(raw: unknown): Entry {
  const id = fieldOf(raw, "id");
  const key = fieldOf(raw, "key");
  return {
    id: typeof id === "string" ? id : null,
    key: typeof key === "string" ? key : "",
    updatedAt: readTime(fieldOf(fieldOf(raw, "fields"), "updated")),
    raw,
  };
}

function latestOf(entries: readonly Entry[]): number | null {
  return entries.reduce<number | null>(
    (latest, { updatedAt }) => (updatedAt !== null && (latest === null || updatedAt > latest) ? updatedAt : latest),
    null,
  );
}

function earliestOf(entries: readonly Entry[]): number | null {
  const times = entries.flatMap(({ updatedAt }) => updatedAt ?? []);
  return times.length === 0 ? null : Math.min(...times);
}

export function pointAt(since: number | null, entries: readonly Entry[]): WalkPoint {
  const seen = entries.flatMap(({ id, updatedAt }) =>
    id !== null && updatedAt !== null && since !== null && updatedAt >= since ? [`${id}:${updatedAt}`] : [],
  );
  return { since, seen, crowd: false, afterKey: null };
}

function withoutSeen(entries: readonly Entry[], point: WalkPoint): readonly Entry[] {
  if (point.seen.length === 0) return entries;
  const seen = new Set(point.seen);
  return entries.filter(({ id, updatedAt }) => !seen.has(`${id}:${updatedAt}`));
}

function toPage(
  entries: readonly Entry[],
  next: WalkPoint | null,
  latest: number | null,
  answer: SearchPage,
): Omit<WalkPage, "leftOut"> {
  const issues: Issue[] = [];
  const rejected: RejectedRecord[] = [];
  for (const { raw, id } of entries) {
    const record = parseRecord(Issue, raw, () => id);
    if (record.ok) issues.push(record.value);
    else rejected.push(record.rejected);
  }
  return { issues, rejected, next, latest, answer };
}
