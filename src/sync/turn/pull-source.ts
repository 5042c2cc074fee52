import { setTimeout as after } from "node:timers/promises";
import type { Clock } from "../../domain/clock.ts";
import type { Change } from "../../store/change.ts";
import type { SourceRow, SyncState } from "../../store/sources/source-row.ts";
import type { Store } from "../../store/store.ts";
import type { PullPage, TrackerConnection } from "../../trackers/tracker.ts";
import { toSource } from "../to-source.ts";
import { type JoinedPages, joinPages } from "./join-pages.ts";

export type PullOutcome = {
  /** A record named a label, state or person that nothing names yet: the source has to be described again. */
  readonly unknownIds: boolean;
  /** It brought something that the mirror did not have. */
  readonly news: boolean;
};

/** A run whose first page is on its way. */
export type BegunPull = {
  /** The next pages, as one; what is behind them is asked for when they are taken, if not before. null after the last. Throws what the tracker throws. */
  take(): Promise<JoinedPages | null>;
  /** Stops what is still asked for. */
  end(): Promise<void>;
};

/** As many changes are read before the first page is taken: enough to have something to store, little enough to be held. */
const maxAhead = 1_000;

/** As many changes are stored at once where they come that fast, so that what every transaction costs is paid for less often; still nobody else waits long for one. */
const maxTogether = 400;

/** How long what is there waits for what comes next, in milliseconds. */
const patienceMs = 200;

/**
 * Asks for changes since the cursor, page by page; the next page is fetched while the present one is stored. Whoever does not take the first page yet (a new source's words
 * are read first) finds more of them read.
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
      // What ends the run is left for who takes it.
      if (isTaken || !result.ok || result.value.done === true || result.value.value.finished !== null) return;
      ready.push(result.value.value);
      changes += result.value.value.changes.length;
      next = settle(pages.next());
    }
  }

  /** The page that is on its way; null behind the last one, and where there is something to store before it comes or fails. */
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
  /** Called after every page that is on disk. Throwing ends the run; what is on disk stays and is gone on from. */
  readonly onPage: (page: StoredPage) => void;
};

export type StoredPage = Change & {
  readonly done: number;
  readonly total: number | null;
  readonly finished: boolean;
};

/** One run: stores each page with its resume point in one transaction. Throws what the tracker or the store throws. */
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
      // A run without news keeps its cursor, so that the same address can be answered with 304. Not where an answer was ignored that was asked for before an own write's, or
      // another read's, was there: what it says may be newer, and 304 would never say it again. Written after the page:
      // a crash in between repeats the last page, which is harmless, and never skips one.
      const state: Partial<SyncState> = {
        cursor: news || overtaken || row.sync.cursor === null ? page.finished.advanced : page.finished.kept,
        resume: null,
        lastCompleteAt: clock.now(),
        error: null,
        ...(news ? { lastChangeAt: clock.now() } : {}),
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

/** A promise that is awaited later must not count as unhandled meanwhile. */
function settle<T>(promise: Promise<T>): Promise<Settled<T>> {
  return promise.then(
    (value) => ({ ok: true, value }),
    (error: unknown) => ({ ok: false, error }),
  );
}

/** null: it was not there in time. */
async function withinPatience<T>(promise: Promise<T>): Promise<T | null> {
  const stopped = new AbortController();
  const late = after(patienceMs, null, { signal: stopped.signal }).catch(() => null);
  try {
    return await Promise.race([promise, late]);
  } finally {
    stopped.abort();
  }
}
