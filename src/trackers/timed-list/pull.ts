import { z } from "zod";
import { isPanopticonError } from "../../domain/error.ts";
import { continueFrom, rewind, startFields, startOf } from "../run-start.ts";
import type { Cursor, PullPage, PullRequest, Source } from "../tracker.ts";
import { createCrowds } from "./crowds.ts";
import { historyStart } from "./history-start.ts";
import type { ListName, TimedList, WalkPage } from "./timed-list.ts";
import { createWalk } from "./walk.ts";

/** Responses may come from a replica that lags a little behind. */
export const overlapMs = 2 * 60 * 1000;

/** `since` is inclusive; `etag` is kept while one short page at this URL holds everything since then. */
const PullCursor = z.object({
  since: z.string().nullable(),
  /** How far the server's clock was ahead of this machine's. */
  ahead: z.number().nullish(),
  etag: z.string().nullish(),
});
type PullCursor = z.infer<typeof PullCursor>;

const Resume = z.object({
  phase: z.enum(["open", "closed", "changed"]),
  since: z.string().nullable(),
  seen: z.array(z.number()).readonly(),
  crowds: z.array(z.object({ list: z.enum(["open", "closed", "all"]), since: z.string().nullable() })).readonly(),
  ...startFields,
  /** The latest update time read, used if the server does not tell its time. */
  latest: z.number().nullable(),
  base: PullCursor.nullable(),
  done: z.number(),
  /** The number of issues that a first run will read, as counted by the tracker. */
  total: z.number().nullable(),
});
type Resume = z.infer<typeof Resume>;

/** The content of a page, without the run's position. */
export type PullContent = Pick<PullPage, "changes" | "removed" | "rejected" | "seen" | "requestedAt">;

export type PullParts<Issue> = {
  readonly list: TimedList<Issue>;
  readonly source: Source;
  readonly request: PullRequest;
  /** The server's time as far as known. */
  readonly serverNow: () => number;
  /** `changedSince`: the time from which a later run reads; null on the first run. */
  readonly readContent: (page: WalkPage<Issue>, changedSince: string | null) => Promise<PullContent>;
  /** Counts the open issues and the closed ones updated since `closedSince`; null if the tracker cannot. */
  readonly count: (closedSince: string | null, signal: AbortSignal) => Promise<number | null>;
};

/**
 * Reads what changed since the cursor. The first run reads all open issues, then the closed ones inside the history window; later runs read everything updated
 * since, oldest first. An unchanged list answers 304 without content.
 */
export async function* pullTimedList<Issue>(parts: PullParts<Issue>): AsyncGenerator<PullPage, void, undefined> {
  const { list, request, readContent } = parts;
  const { signal } = request;
  const resumed = request.resume === null ? undefined : Resume.safeParse(request.resume).data;
  const cursor = request.cursor === null ? null : (PullCursor.safeParse(request.cursor).data ?? null);
  let at: Resume = resumed ?? {
    phase: cursor === null ? "open" : "changed",
    since: cursor?.since ?? null,
    seen: [],
    crowds: [],
    startedAt: null,
    ahead: null,
    latest: null,
    base: cursor,
    done: 0,
    total: null,
  };
  const crowds = createCrowds(at.crowds);
  const walk = createWalk(list, crowds);
  let isFirstPage = true;

  for (;;) {
    const name: ListName = at.phase === "changed" ? "all" : at.phase;
    // Only a URL that was read from its beginning can be requested conditionally.
    const etag = resumed === undefined && isFirstPage ? (at.base?.etag ?? null) : null;
    for await (const page of walk.read({ list: name, start: { since: at.since, seen: at.seen }, etag }, signal)) {
      const wasFirst = isFirstPage;
      const from = wasFirst && resumed === undefined ? rewound(at, page, parts) : null;
      if (from !== null) {
        at = from;
        break;
      }
      isFirstPage = false;
      const changedSince = at.phase === "changed" ? (at.base?.since ?? null) : null;
      at = advance(at, page);
      // Only a first run of several pages takes long enough for a user to see its progress.
      const isLong = wasFirst && at.phase === "open" && page.next !== null;
      const [content, total] = await Promise.all([
        readContent(page, changedSince),
        isLong ? countAhead(parts, at, signal) : at.total,
      ]);
      at = { ...at, total };
      if (page.answer.status === 304 && at.base !== null) {
        yield unchanged(page, at.base);
        return;
      }

      const following = page.next === null ? nextPhase(at, parts) : { ...at, ...page.next };
      const shared = { ...content, progress: progressOf(at) };
      if (following !== null) {
        at = page.next === null ? following : at;
        yield { ...shared, resume: { ...following, crowds: crowds.list() }, finished: null };
        continue;
      }
      const advanced = advancedCursor(at, list);
      let disturbed = crowds.takeDisturbed();
      if (disturbed === undefined) {
        const isWhole = wasFirst && resumed === undefined && at.phase === "changed";
        const kept = (isWhole && keptCursor(at, page, list)) || advanced;
        yield { ...shared, resume: null, finished: { advanced, kept } };
        return;
      }
      // If the run is interrupted, it reads the end of the list again, and then these crowds.
      const end = { ...at, since: at.latest === null ? at.since : list.toSince(at.latest), seen: [] };
      yield { ...shared, resume: { ...end, crowds: [...crowds.list(), disturbed] }, finished: null };
      while (disturbed !== undefined) {
        const resume = { ...end, crowds: [...crowds.list(), disturbed] };
        for await (const again of walk.readAgain(disturbed, signal)) {
          yield { ...(await readContent(again, changedSince)), progress: shared.progress, resume, finished: null };
        }
        disturbed = crowds.takeDisturbed();
      }
      const nothing = { changes: [], removed: [], rejected: [], seen: {} };
      yield { ...shared, ...nothing, resume: null, finished: { advanced, kept: advanced } };
      return;
    }
  }
}

/** The run from its start, if the server's clock was set back since its cursor was taken; else null. */
function rewound<Issue>(at: Resume, { answer }: WalkPage<Issue>, { list, source }: PullParts<Issue>): Resume | null {
  const { base } = at;
  if (base === null || base.since === null) return null;
  const cursor = { since: Date.parse(base.since), ahead: base.ahead };
  const from = rewind(cursor, answer, overlapMs, source);
  if (from === null) return null;
  const since = list.toSince(from.since);
  return { ...at, since, base: { since, ahead: from.ahead } };
}

type CountParts = Pick<PullParts<unknown>, "source" | "serverNow" | "count"> & {
  readonly list: Pick<TimedList<unknown>, "toSince">;
};

function progressOf(at: Pick<Resume, "done" | "total">): PullPage["progress"] {
  return { done: at.done, total: at.total === null ? null : Math.max(at.total, at.done) };
}

function advance(at: Resume, page: WalkPage<unknown>): Resume {
  const latest = page.latest === null ? at.latest : Math.max(at.latest ?? -Infinity, page.latest);
  return { ...at, ...startOf(at, page.answer), latest, done: at.done + page.issues.length };
}

/** How many issues a first run will read; null if counting fails, because a progress number is not worth stopping for. */
async function countAhead(
  { list, source, serverNow, count }: CountParts,
  at: Resume,
  signal: AbortSignal,
): Promise<number | null> {
  try {
    return await count(historyStart(list, source, at.startedAt ?? serverNow()).since, signal);
  } catch (error) {
    if (signal.aborted || !isPanopticonError(error)) throw error;
    return null;
  }
}

/** The closed issues follow the open ones; null when the run is complete. */
function nextPhase(at: Resume, { list, source, serverNow }: CountParts): Resume | null {
  if (at.phase !== "open") return null;
  return { ...at, phase: "closed", ...historyStart(list, source, at.startedAt ?? serverNow()) };
}

function advancedCursor(at: Resume, list: Pick<TimedList<unknown>, "toSince">): Cursor {
  const previous = at.base?.since ?? null;
  const { since, ahead } = continueFrom(at, previous === null ? null : Date.parse(previous), overlapMs);
  return { since: since === null ? null : list.toSince(since), ahead };
}

/**
 * The same URL again, with its ETag. Only if a single, not full page held everything: later changes are appended to the list, and a full page would look
 * unchanged.
 */
function keptCursor(
  at: Pick<Resume, "base">,
  { answer }: WalkPage<unknown>,
  { pageSize }: Pick<TimedList<unknown>, "pageSize">,
): Cursor | null {
  if (at.base === null || answer.etag === null || answer.records.length >= pageSize) return null;
  return { ...at.base, etag: answer.etag };
}

function unchanged(page: WalkPage<unknown>, base: PullCursor): PullPage {
  return {
    changes: [],
    removed: [],
    rejected: [],
    seen: {},
    requestedAt: page.answer.requestedAt,
    resume: null,
    finished: { advanced: base, kept: base },
    progress: { done: 0, total: 0 },
  };
}
