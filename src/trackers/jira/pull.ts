import { z } from "zod";
import { isPanopticonError } from "../../domain/error.ts";
import { continueFrom, rewind, startFields, startOf } from "../run-start.ts";
import type { Cursor, PullPage, PullRequest, Source } from "../tracker.ts";
import type { JiraClient } from "./client.ts";
import { insideOf } from "./jql.ts";
import { fieldsOf, type Reading, toIssue, toSeen } from "./map.ts";
import { inProject } from "./project.ts";
import { pointAt, walkIssues, type WalkPage } from "./walk.ts";

/** Jira's search lags behind by seconds, sometimes by minutes. */
const overlapMs = 5 * 60 * 1000;

/** Server time in milliseconds; `since` is inclusive. */
const PullCursor = z.object({ since: z.number().nullable(), ahead: z.number().nullish() });

const Resume = z.object({
  phase: z.enum(["open", "closed", "changed"]),
  since: z.number().nullable(),
  seen: z.array(z.string()).readonly(),
  crowd: z.boolean(),
  afterKey: z.string().nullable(),
  ...startFields,
  /** The latest update time read, used if the server does not tell its time. */
  latest: z.number().nullable(),
  /** The earliest update time of an issue left out because it seems older than this connection's own write. */
  leftOut: z.number().nullish(),
  done: z.number(),
  /** The number of issues that a first run will read, as counted by Jira. */
  total: z.number().nullable(),
});
type Resume = z.infer<typeof Resume>;

const categories = { open: "open", closed: "done", changed: undefined } as const;

/**
 * Reads what changed since the cursor. The first run reads all open issues, then the finished ones inside the history window; later runs read everything
 * updated since, oldest first.
 */
export async function* pullIssues(
  client: JiraClient,
  source: Source,
  request: PullRequest,
): AsyncGenerator<PullPage, void, undefined> {
  const { signal } = request;
  const resumed = request.resume === null ? undefined : Resume.safeParse(request.resume).data;
  let cursor = request.cursor === null ? undefined : PullCursor.safeParse(request.cursor).data;
  const reading: Reading = {
    server: client.baseUrl,
    site: await client.getSite(signal),
    custom: await client.getCustomFields(signal),
  };
  const fields = fieldsOf(reading.custom);
  let at: Resume = resumed ?? {
    phase: cursor === undefined ? "open" : "changed",
    ...pointAt(cursor?.since ?? null, []),
    startedAt: null,
    ahead: null,
    latest: null,
    leftOut: null,
    done: 0,
    total: null,
  };

  let isFirstPage = resumed === undefined;
  for (;;) {
    const walk = walkIssues(client, source, { category: categories[at.phase], start: at, fields }, signal);
    let following: Resume | null = null;
    for await (const page of inProject(client, source, walk, signal)) {
      const from = isFirstPage && cursor ? rewind(cursor, page.answer, overlapMs, source) : null;
      if (from !== null) {
        cursor = from;
        at = { ...at, ...pointAt(from.since, []) };
        client.ownWrites.forgetTimes();
        break;
      }
      at = advance(at, page);
      // Only a first run of several pages takes long enough for a user to see its progress.
      if (isFirstPage && at.phase === "open" && page.next !== null) {
        at = { ...at, total: await countAhead(client, source, at, signal) };
      }
      isFirstPage = false;
      following = page.next === null ? nextPhase(at, source, client) : { ...at, ...page.next };
      const shared = {
        changes: page.issues.map((issue) => toIssue(issue, reading)),
        removed: [],
        rejected: page.rejected,
        seen: toSeen(page.issues, reading),
        requestedAt: page.answer.requestedAt,
        progress: { done: at.done, total: at.total === null ? null : Math.max(at.total, at.done) },
      };
      if (following === null) {
        const advanced = nextCursor(at, cursor?.since ?? null);
        yield { ...shared, resume: null, finished: { advanced, kept: advanced } };
        return;
      }
      yield { ...shared, resume: following, finished: null };
    }
    if (following !== null) at = following;
  }
}

function advance(at: Resume, page: WalkPage): Resume {
  const latest = page.latest === null ? at.latest : Math.max(at.latest ?? -Infinity, page.latest);
  const leftOut = page.leftOut === null ? at.leftOut : Math.min(at.leftOut ?? Infinity, page.leftOut);
  return { ...at, ...startOf(at, page.answer), latest, leftOut, done: at.done + page.issues.length };
}

/** What was left out may as well be a later change with an earlier time, where the clocks of a cluster's nodes differ: it is read until it is believed. */
function nextCursor(at: Resume, previous: number | null): Cursor {
  const { since, ahead } = continueFrom(at, previous, overlapMs);
  return { since: since === null ? null : Math.min(since, at.leftOut ?? Infinity), ahead };
}

/** How many issues a first run will read; null if unknown, because a progress number is not worth stopping for. */
async function countAhead(client: JiraClient, source: Source, at: Resume, signal: AbortSignal): Promise<number | null> {
  try {
    return await client.count(insideOf(source, historyStart(source, at.startedAt ?? client.serverNow())), signal);
  } catch (error) {
    if (signal.aborted || !isPanopticonError(error)) throw error;
    return null;
  }
}

/** The finished issues follow the open ones; null when the run is complete. */
function nextPhase(at: Resume, source: Source, client: JiraClient): Resume | null {
  if (at.phase !== "open") return null;
  return { ...at, phase: "closed", ...pointAt(historyStart(source, at.startedAt ?? client.serverNow()), []) };
}

/** The start of the history window at the server's time `nowMs`; null: no limit. */
export function historyStart(source: Pick<Source, "historyMs">, nowMs: number): number | null {
  return source.historyMs === null ? null : nowMs - source.historyMs;
}
