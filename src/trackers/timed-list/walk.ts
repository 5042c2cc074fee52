import { fieldOf } from "../http/parse-body.ts";
import type { RejectedRecord } from "../tracker.ts";
import type { Crowd, Crowds } from "./crowds.ts";
import type { ListAnswer, ListName, TimedList, WalkPage, WalkPoint } from "./timed-list.ts";

type Entry = { readonly id: number | null; readonly updatedAt: number | null; readonly raw: unknown };

/** Reads a list; `crowds` records what has to be read again. */
export type Walk<Issue> = {
  /** Reads from a point to the end. `etag` belongs to the first URL, which may then answer 304. */
  read(
    query: { readonly list: ListName; readonly start: WalkPoint; readonly etag?: string | null },
    signal: AbortSignal,
  ): AsyncGenerator<WalkPage<Issue>, void, undefined>;
  /** Reads a crowd again from its start; `next` of its pages is the start of the crowd. */
  readAgain(crowd: Crowd, signal: AbortSignal): AsyncGenerator<WalkPage<Issue>, void, undefined>;
};

/**
 * Reads in ascending update time. The next page is requested by time, so that entries that change meanwhile move to the end and are read there instead of
 * shifting the pages; it is fetched while the current page is processed. If a whole page shares one time, that crowd is paged by `Link`. Page numbers shift, so
 * such a crowd is remembered and read again if it was disturbed. An interrupted crowd starts over.
 */
export function createWalk<Issue>(list: TimedList<Issue>, crowds: Crowds): Walk<Issue> {
  const toPage = (
    entries: readonly Entry[],
    next: WalkPoint | null,
    latest: number | null,
    answer: ListAnswer,
  ): WalkPage<Issue> => {
    const issues: Issue[] = [];
    const rejected: RejectedRecord[] = [];
    for (const { raw, id } of entries) {
      const record = list.parse(raw, id === null ? null : String(id));
      if (record === null) continue;
      if (record.ok) issues.push(record.value);
      else rejected.push(record.rejected);
    }
    return { issues, rejected, next, latest, answer };
  };

  /** Pages through the rest of a crowd by `Link` and returns where to continue by time; null at the end of the list. */
  async function* follow(
    crowd: Crowd,
    firstLink: string,
    signal: AbortSignal,
  ): AsyncGenerator<WalkPage<Issue>, WalkPoint | null, undefined> {
    const restart: WalkPoint = { since: crowd.since, seen: [] };
    for (let link = firstLink; ;) {
      const answer = await list.follow(link, signal);
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
      if (answer.shifts) crowds.add(crowd, entries);
      yield toPage(entries, restart, latest, answer);
      link = answer.next;
    }
  }

  return {
    async *read({ list: name, start, etag = null }, outer) {
      const left = new AbortController();
      const signal = AbortSignal.any([outer, left.signal]);
      let point = start;
      let page = list.fetch({ list: name, since: point.since, etag }, signal);
      try {
        for (;;) {
          const answer = await page;
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
            page = list.fetch({ list: name, since: point.since }, signal);
            // Errors are thrown where the promise is awaited; this prevents an unhandled rejection until then.
            page.catch(() => undefined);
            yield toPage(fresh, point, latest, answer);
            continue;
          }
          const crowd = { list: name, since: point.since };
          if (answer.shifts) crowds.add(crowd, entries);
          yield toPage(fresh, { since: crowd.since, seen: [] }, latest, answer);
          const after = yield* follow(crowd, answer.next, signal);
          if (after === null) return;
          point = after;
          page = list.fetch({ list: name, since: point.since }, signal);
        }
      } finally {
        left.abort();
      }
    },
    async *readAgain(crowd, signal) {
      const answer = await list.fetch({ list: crowd.list, since: crowd.since }, signal);
      const entries = answer.records.map(toEntry);
      const latest = latestOf(entries);
      yield toPage(entries, { since: crowd.since, seen: [] }, latest, answer);
      // So many entries may have left that the rest fits on one page.
      if (answer.next === null || (latest !== null && latest > timeOf(crowd.since))) return;
      if (answer.shifts) crowds.add(crowd, entries);
      yield* follow(crowd, answer.next, signal);
    },
  };
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

/** Returns the time as the tracker wrote it: another spelling of the same moment may sort elsewhere. */
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
