import { z } from "zod";
import { isPanopticonError } from "../../domain/error.ts";
import type { NativeIssue, NativeRelation } from "../../domain/issue.ts";
import type { Cursor, PullPage, PullRequest, Source } from "../tracker.ts";
import { type GithubClient, pageSize } from "./client.ts";
import { createCrowds } from "../crowds.ts";
import { toIssue, toSeen } from "./map.ts";
import type { Issue } from "./schema.ts";
import { walkCrowd, walkIssues, type WalkPage, type WalkPoint } from "./walk.ts";

/** Answers may come from a replica that lags a little behind. */
const overlapMs = 2 * 60 * 1000;

/** Blocked issues whose blockers are asked for in one run at most; `read` fetches the others. */
const mostDependencyReads = 10;

/** `since` is inclusive; `etag` is kept as long as one short page at this address holds everything since. */
const PullCursor = z.object({ since: z.string().nullable(), etag: z.string().nullish() });
type PullCursor = z.infer<typeof PullCursor>;

const phases = ["open", "closed", "changed"] as const;

const Resume = z.object({
  phase: z.enum(phases),
  since: z.string().nullable(),
  seen: z.array(z.number()).readonly(),
  crowds: z.array(z.object({ list: z.enum(["open", "closed", "all"]), since: z.string().nullable() })).readonly(),
  /** Server time at the run's start. */
  startedAt: z.number().nullable(),
  /** Latest update time read, where the server tells no time. */
  latest: z.number().nullable(),
  base: PullCursor.nullable(),
  done: z.number(),
  /** Issues that a first run will bring, as GitHub's search counts them. */
  total: z.number().nullable(),
});
type Resume = z.infer<typeof Resume>;

/**
 * Reads what changed since the cursor: on the first run the open issues, whole, then the closed ones inside the history; afterwards everything
 * that was updated since, oldest first. An unchanged list answers 304, which costs nothing of the hourly budget.
 */
export async function* pullIssues(
  client: GithubClient,
  source: Source,
  request: PullRequest,
): AsyncGenerator<PullPage, void, undefined> {
  const { signal } = request;
  const resumed = request.resume === null ? undefined : Resume.safeParse(request.resume).data;
  const cursor = request.cursor === null ? null : (PullCursor.safeParse(request.cursor).data ?? null);
  let at: Resume = resumed ?? {
    phase: cursor === null ? "open" : "changed",
    since: cursor?.since ?? null,
    seen: [],
    crowds: [],
    startedAt: null,
    latest: null,
    base: cursor,
    done: 0,
    total: null,
  };
  const crowds = createCrowds(at.crowds);
  let dependencyReads = 0;
  let isFirstPage = true;

  for (;;) {
    const state = at.phase === "changed" ? "all" : at.phase;
    // An address that was read from its beginning may be asked whether it changed.
    const etag = resumed === undefined && isFirstPage ? (at.base?.etag ?? null) : null;
    const walk = walkIssues(
      client,
      source.key,
      { state, start: { since: at.since, seen: at.seen }, crowds, etag },
      signal,
    );
    for await (const page of walk) {
      const wasFirst = isFirstPage;
      isFirstPage = false;
      at = advance(at, page);
      // Only a first run of several pages takes long enough for anyone to read its progress.
      if (wasFirst && at.phase === "open" && page.next !== null)
        at = { ...at, total: await countAhead(client, source, at, signal) };
      if (page.answer.status === 304 && at.base !== null) {
        yield unchanged(page, at.base);
        return;
      }

      const changes: NativeIssue[] = [];
      for (const issue of page.issues) {
        if (isNewlyBlocked(issue, at) && dependencyReads < mostDependencyReads) {
          dependencyReads += 1;
          changes.push({ ...toIssue(issue), relations: await fetchRelations(client, source, issue, signal) });
        } else changes.push(toIssue(issue));
      }

      const following = page.next === null ? nextPhase(at, source, client) : { ...at, ...page.next };
      const shared = {
        changes,
        removed: [],
        rejected: page.rejected,
        seen: toSeen(page.issues),
        requestedAt: page.answer.requestedAt,
        progress: progressOf(at),
      };
      if (following !== null) {
        at = page.next === null ? following : at;
        yield { ...shared, resume: { ...following, crowds: crowds.list() }, finished: null };
        continue;
      }
      const advanced = advancedCursor(at);
      let disturbed = crowds.takeDisturbed();
      if (disturbed === undefined) {
        const isWhole = wasFirst && resumed === undefined && at.phase === "changed";
        yield { ...shared, resume: null, finished: { advanced, kept: (isWhole && keptCursor(at, page)) || advanced } };
        return;
      }
      // After a break the end of the list is read again, and then these crowds.
      const end = { ...at, since: at.latest === null ? at.since : toSince(at.latest), seen: [] };
      yield { ...shared, resume: { ...end, crowds: [...crowds.list(), disturbed] }, finished: null };
      while (disturbed !== undefined) {
        const resume = { ...end, crowds: [...crowds.list(), disturbed] };
        for await (const again of walkCrowd(client, source.key, disturbed, crowds, signal)) {
          yield {
            ...shared,
            changes: again.issues.map(toIssue),
            rejected: again.rejected,
            seen: toSeen(again.issues),
            requestedAt: again.answer.requestedAt,
            resume,
            finished: null,
          };
        }
        disturbed = crowds.takeDisturbed();
      }
      yield {
        ...shared,
        changes: [],
        rejected: [],
        seen: {},
        resume: null,
        finished: { advanced, kept: advanced },
      };
      return;
    }
  }
}

function progressOf(at: Resume): PullPage["progress"] {
  return { done: at.done, total: at.total === null ? null : Math.max(at.total, at.done) };
}

function advance(at: Resume, page: WalkPage): Resume {
  const latest = page.latest === null ? at.latest : Math.max(at.latest ?? -Infinity, page.latest);
  return { ...at, startedAt: at.startedAt ?? page.answer.serverTime, latest, done: at.done + page.issues.length };
}

/** How many issues a first run will read; null where the search is out of order or out of budget: a number to look at is not worth a stop. */
async function countAhead(
  client: GithubClient,
  source: Source,
  at: Resume,
  signal: AbortSignal,
): Promise<number | null> {
  const { since } = historyStart(source, at.startedAt ?? client.serverNow());
  const issues = `repo:${source.key} is:issue`;
  try {
    const open = await client.countIssues(`${issues} is:open`, signal);
    const closed = await client.countIssues(
      `${issues} is:closed${since === null ? "" : ` updated:>=${since}`}`,
      signal,
    );
    return open + closed;
  } catch (error) {
    if (signal.aborted || !isPanopticonError(error)) throw error;
    return null;
  }
}

/** After the open issues come the closed ones; null when the run is over. */
function nextPhase(at: Resume, source: Source, client: GithubClient): Resume | null {
  if (at.phase !== "open") return null;
  return { ...at, phase: "closed", ...historyStart(source, at.startedAt ?? client.serverNow()) };
}

/** Where the history window begins, at the server's time `nowMs`. */
export function historyStart(source: Source, nowMs: number): WalkPoint {
  const since = source.historyMs === null ? null : toSince(nowMs - source.historyMs);
  return { since, seen: [] };
}

export function toSince(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString().replace(".000Z", "Z");
}

/** Never goes back, and never rests on a local clock: without the server's time the latest record read has to do. */
function advancedCursor(at: Resume): Cursor {
  const known = at.startedAt ?? at.latest;
  const previous = at.base?.since ?? null;
  if (known === null) return { since: previous };
  const next = toSince(known - overlapMs);
  return { since: previous !== null && Date.parse(previous) > Date.parse(next) ? previous : next };
}

/**
 * The same address again, with its ETag. Only where one page that was not full held everything: what comes later is appended to the list,
 * and a full page would look the same as before.
 */
function keptCursor(at: Resume, page: WalkPage): Cursor | null {
  const { answer } = page;
  if (at.base === null || answer.etag === null || answer.records.length >= pageSize) return null;
  return { since: at.base.since, etag: answer.etag };
}

function unchanged(page: WalkPage, base: PullCursor): PullPage {
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

/**
 * Open blockers, on an issue that changed after what the last run saw: the overlap's repeats are not asked again. One request each;
 * where it would take two (the issue holds up others besides), `read` does it.
 */
function isNewlyBlocked(issue: Issue, at: Resume): boolean {
  const summary = issue.issue_dependencies_summary;
  if (at.phase !== "changed" || at.base?.since == null || !summary) return false;
  if (summary.blocked_by === 0 || (summary.total_blocking ?? summary.blocking) > 0) return false;
  return issue.updated_at >= Date.parse(at.base.since) + overlapMs;
}

/** What an issue waits for and holds up; asks only where the summary says there is something. */
export async function fetchRelations(
  client: GithubClient,
  source: Source,
  issue: Issue,
  signal: AbortSignal | undefined,
): Promise<readonly NativeRelation[] | null> {
  const summary = issue.issue_dependencies_summary;
  if (!summary) return null;
  const relations: NativeRelation[] = [];
  const counts = {
    blocked_by: summary.total_blocked_by ?? summary.blocked_by,
    blocking: summary.total_blocking ?? summary.blocking,
  };
  for (const kind of ["blocked_by", "blocking"] as const) {
    if (counts[kind] === 0) continue;
    for (const targetId of await client.fetchDependencies(source.key, String(issue.number), kind, signal)) {
      relations.push({ id: `${kind}:${targetId}`, type: kind === "blocking" ? "blocks" : kind, targetId });
    }
  }
  return relations;
}
