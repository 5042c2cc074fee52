import { z } from "zod";
import { isPanopticonError } from "../../domain/error.ts";
import { createCrowds } from "../crowds.ts";
import type { Cursor, PullPage, PullRequest, Source } from "../tracker.ts";
import { type GitlabClient, issueStates, pageSize } from "./client.ts";
import type { GitlabParts } from "./parts.ts";
import { toIssue, toSeen } from "./map.ts";
import type { Issue } from "./schema.ts";
import { walkCrowd, walkIssues, type WalkPage, type WalkPoint } from "./walk.ts";

/** Answers may come from a replica that lags a little behind. */
const overlapMs = 2 * 60 * 1000;

/** `since` is inclusive; `etag` is kept as long as one short page at this address holds everything since. */
const PullCursor = z.object({ since: z.string().nullable(), etag: z.string().nullish() });
type PullCursor = z.infer<typeof PullCursor>;

const Resume = z.object({
  phase: z.enum(["opened", "closed", "changed"]),
  since: z.string().nullable(),
  seen: z.array(z.number()).readonly(),
  crowds: z.array(z.object({ list: z.enum(issueStates), since: z.string().nullable() })).readonly(),
  /** Server time at the run's start. */
  startedAt: z.number().nullable(),
  /** Latest update time read, where the server tells no time. */
  latest: z.number().nullable(),
  base: PullCursor.nullable(),
  done: z.number(),
  /** Issues that a first run will bring, as GitLab counts them. */
  total: z.number().nullable(),
});
type Resume = z.infer<typeof Resume>;

/**
 * Reads what changed since the cursor: on the first run the open issues, whole, then the closed ones inside the history; afterwards everything
 * that was updated since, oldest first. An unchanged list answers 304, which saves its content.
 */
export async function* pullIssues(
  { client, workItems, memory }: GitlabParts,
  source: Source,
  request: PullRequest,
): AsyncGenerator<PullPage, void, undefined> {
  const { signal } = request;
  const project = projectOf(source);
  const resumed = request.resume === null ? undefined : Resume.safeParse(request.resume).data;
  const cursor = request.cursor === null ? null : (PullCursor.safeParse(request.cursor).data ?? null);
  let at: Resume = resumed ?? {
    phase: cursor === null ? "opened" : "changed",
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
  let isFirstPage = true;

  async function readContent(page: WalkPage) {
    const here = page.issues.filter((issue) => !isMoved(issue));
    memory.learn(source, here);
    const facts = await workItems.factsOf(here, { fresh: false, signal });
    return {
      changes: here.map((issue) => toIssue(issue, client.web, facts.get(issue.id) ?? null)),
      removed: page.issues.filter(isMoved).map((issue) => String(issue.id)),
      rejected: page.rejected,
      seen: toSeen(here),
      requestedAt: page.answer.requestedAt,
    };
  }

  for (;;) {
    const state = at.phase === "changed" ? "all" : at.phase;
    // An address that was read from its beginning may be asked whether it changed.
    const etag = resumed === undefined && isFirstPage ? (at.base?.etag ?? null) : null;
    const start = { since: at.since, seen: at.seen };
    for await (const page of walkIssues(client, { project, crowds }, { state, start, etag }, signal)) {
      const wasFirst = isFirstPage;
      isFirstPage = false;
      const content = await readContent(page);
      at = advance(at, page);
      // Only a first run of several pages takes long enough for anyone to read its progress.
      if (wasFirst && at.phase === "opened" && page.next !== null)
        at = { ...at, total: await countAhead(client, source, at, signal) };
      if (page.answer.status === 304 && at.base !== null) {
        yield unchanged(page, at.base);
        return;
      }

      const following = page.next === null ? nextPhase(at, source, client) : { ...at, ...page.next };
      const shared = { ...content, progress: progressOf(at) };
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
        for await (const again of walkCrowd(client, { project, crowds }, disturbed, signal)) {
          yield { ...(await readContent(again)), progress: shared.progress, resume, finished: null };
        }
        disturbed = crowds.takeDisturbed();
      }
      yield {
        ...shared,
        changes: [],
        removed: [],
        rejected: [],
        seen: {},
        resume: null,
        finished: { advanced, kept: advanced },
      };
      return;
    }
  }
}

/** How the API is asked for a source: a project that was renamed is found by its id. */
export function projectOf(source: Source): string {
  return source.nativeId ?? source.key;
}

/** What was moved away stays behind as a closed issue; it lives on elsewhere. */
export function isMoved(issue: Issue): boolean {
  return issue.moved_to_id != null;
}

function progressOf(at: Resume): PullPage["progress"] {
  return { done: at.done, total: at.total === null ? null : Math.max(at.total, at.done) };
}

function advance(at: Resume, page: WalkPage): Resume {
  const latest = page.latest === null ? at.latest : Math.max(at.latest ?? -Infinity, page.latest);
  return { ...at, startedAt: at.startedAt ?? page.answer.serverTime, latest, done: at.done + page.issues.length };
}

/** How many issues a first run will read; null where counting fails: a number to look at is not worth a stop. */
async function countAhead(
  client: GitlabClient,
  source: Source,
  at: Resume,
  signal: AbortSignal,
): Promise<number | null> {
  const { since } = historyStart(source, at.startedAt ?? client.serverNow());
  const project = projectOf(source);
  try {
    const open = await client.countIssues(project, { state: "opened" }, signal);
    const inside = since === null ? {} : { updated_after: since };
    const closed = await client.countIssues(project, { state: "closed", ...inside }, signal);
    return open === null || closed === null ? null : open + closed;
  } catch (error) {
    if (signal.aborted || !isPanopticonError(error)) throw error;
    return null;
  }
}

/** After the open issues come the closed ones; null when the run is over. */
function nextPhase(at: Resume, source: Source, client: GitlabClient): Resume | null {
  if (at.phase !== "opened") return null;
  return { ...at, phase: "closed", ...historyStart(source, at.startedAt ?? client.serverNow()) };
}

/** Where the history window begins, at the server's time `nowMs`. */
export function historyStart(source: Source, nowMs: number): WalkPoint {
  const since = source.historyMs === null ? null : toSince(nowMs - source.historyMs);
  return { since, seen: [] };
}

function toSince(ms: number): string {
  return new Date(ms).toISOString();
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
