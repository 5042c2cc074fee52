import { setTimeout as after } from "node:timers/promises";
import type { Clock } from "../../domain/clock.ts";
import type { Change } from "../../store/change.ts";
import type { SourceRow, SyncState } from "../../store/sources/source-row.ts";
import type { Store } from "../../store/store.ts";
import type { PullPage, TrackerConnection } from "../../trackers/tracker.ts";
import { toSource } from "../to-source.ts";
import { type JoinedPages, joinPages } from "./join-pages.ts";

export type PullOutcome = {
  /** A record refers to an unknown label, state or person: the source must be described again. */
  readonly unknownIds: boolean;
  /** The run changed the mirror. */
  readonly news: boolean;
};

/** A run whose first page is already requested. */
export type BegunPull = {
  /** Returns the next pages, joined; null after the last. Requests the pages after them if they are not requested yet. Throws the tracker's errors. */
  take(): Promise<JoinedPages | null>;
  /** Aborts pending requests. */
  end(): Promise<void>;
};

/** The number of changes to read ahead before the first page is taken: enough to have something to store, few enough to hold in memory. */
const maxAhead = 1_000;

/** The number of changes to store in one transaction if they arrive that fast: spreads its fixed cost without making other writers wait long. */
const maxTogether = 400;

/** How long to wait for the next page before storing those at hand, in milliseconds. */
const patienceMs = 200;

/**
 * Requests changes since the cursor, page by page; fetches the next page while the present one is stored. Reads more pages ahead until the first is taken (a
 * new source's vocabulary is read first).
 */
export function beginPull(connection: TrackerConnection, row: SourceRow, signal: AbortSignal): BegunPull {
  const broken = new AbortController();
  const pages = connection
    .pull(toSource(row), {
      cursor: row.sync.cursor,
      resume: row.sync.resume,
      signal: AbortSignal.any([signal, broken.signal]),
    })
    [Symbol.asyncIterator]();
  const ready: PullPage[] = [];
  let isTaken = false;
  let next = settle(pages.next());
  const ahead = readAhead();

  async function readAhead(): Promise<void> {
    for (let changes = 0; changes < maxAhead;) {
      const result = await next;
      // The end of the run, or its error, is left to `take`.
      if (isTaken || !result.ok || result.value.done === true || result.value.value.finished !== null) return;
      ready.push(result.value.value);
      changes += result.value.value.changes.length;
      next = settle(pages.next());
    }
  }

  /** Returns the pending page; null after the last one, or, unless `isAwaited`, if it fails or does not arrive soon. */
  async function arriving(isAwaited: boolean): Promise<PullPage | null> {
    const result = isAwaited ? await next : await withinPatience(next);
    if (result === null || (!result.ok && !isAwaited)) return null;
    if (!result.ok) throw result.error;
    if (result.value.done === true) return null;
    const page = result.value.value;
    if (page.finished === null) next = settle(pages.next());
    return page;
  }

  return {
    async take() {
      isTaken = true;
      await ahead;
      const taken: PullPage[] = [];
      for (let changes = 0; changes < maxTogether && taken.at(-1)?.finished == null;) {
        const page = ready.shift() ?? (await arriving(taken.length === 0));
        if (page === null) break;
        taken.push(page);
        changes += page.changes.length;
      }
      return taken.length === 0 ? null : joinPages(taken);
    },
    async end() {
      isTaken = true;
      broken.abort();
      await ahead;
      await next;
      await pages.return?.().catch(() => undefined);
    },
  };
}

export type PullOptions = {
  readonly store: Store;
  readonly row: SourceRow;
  readonly clock: Clock;
  /** Called after every stored page. Throwing ends the run; stored pages stay, and the next run resumes after them. */
  readonly onPage: (page: StoredPage) => void;
};

export type StoredPage = Change & {
  readonly done: number;
  readonly total: number | null;
  readonly finished: boolean;
};

/** Stores a run: each page with its resume point in one transaction. Throws the errors of the tracker or the store. */
export async function storePull(pull: BegunPull, options: PullOptions): Promise<PullOutcome> {
  const { store, row, clock } = options;
  let news = false;
  let unknownIds = false;
  let overtaken = false;
  for (let page = await pull.take(); page !== null; page = page.finished === null ? await pull.take() : null) {
    const applied = await store.mirror.applyPage(row.id, {
      changes: page.changes,
      removed: page.removed,
      rejected: page.rejected,
      seen: page.seen,
      requestedAt: page.requestedAt,
      ...(page.askedLater === undefined ? {} : { askedLater: page.askedLater }),
      sync: page.resume === null ? {} : { resume: page.resume },
    });
    news ||= applied.changed + applied.removed > 0;
    unknownIds ||= applied.unknownIds;
    overtaken ||= applied.overtaken;

    if (page.finished !== null) {
      // A run without news keeps its cursor, so that the same URL can be answered with 304. The exception is a run with an ignored answer, requested before the
      // answer of an own write or another read arrived: it may contain newer data that a 304 would never repeat. Written after the page: a crash in between
      // repeats the last page, which is harmless, and never skips one.
      const state: Partial<SyncState> = {
        cursor: news || overtaken || row.sync.cursor === null ? page.finished.advanced : page.finished.kept,
        resume: null,
        lastCompleteAt: clock.now(),
        error: null,
      };
      await store.sources.saveSync(row.id, state);
    }
    options.onPage({
      ...applied,
      done: page.progress.done,
      total: page.progress.total,
      finished: page.finished !== null,
    });
  }
  return { unknownIds, news };
}

type Settled<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

/** Keeps a promise that is awaited later from counting as an unhandled rejection. */
function settle<T>(promise: Promise<T>): Promise<Settled<T>> {
  return promise.then(
    (value) => ({ ok: true, value }),
    (error: unknown) => ({ ok: false, error }),
  );
}

/** Resolves to null if the promise takes too long. */
async function withinPatience<T>(promise: Promise<T>): Promise<T | null> {
  const stopped = new AbortController();
  const late = after(patienceMs, null, { signal: stopped.signal }).catch(() => null);
  try {
    return await Promise.race([promise, late]);
  } finally {
    stopped.abort();
  }
}
