import { z } from "zod";
import { isPanopticonError } from "../../domain/error.ts";
import type { Cursor, PullPage, PullRequest, Source } from "../tracker.ts";
import type { JiraClient } from "./client.ts";
import { insideOf } from "./jql.ts";
import { fieldsOf, type Reading, toIssue, toSeen } from "./map.ts";
import { inProject } from "./project.ts";
import { pointAt, walkIssues, type WalkPage } from "./walk.ts";

/** Jira's search lags behind by seconds, sometimes by minutes. */
const overlapMs = 5 * 60 * 1000;

/** Server time in milliseconds; `since` is inclusive. */
const PullCursor = z.object({ since: z.number().nullable() });

const Resume = z.object({
  phase: z.enum(["open", "closed", "changed"]),
  since: z.number().nullable(),
  seen: z.array(z.string()).readonly(),
  crowd: z.boolean(),
  afterKey: z.string().nullable(),
  /** The server's time at the run's start. */
  startedAt: z.number().nullable(),
  /** The latest update time read, used if the server does not tell its time. */
  latest: z.number().nullable(),
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
  const cursor = request.cursor === null ? undefined : PullCursor.safeParse(request.cursor).data;
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
    latest: null,
    done: 0,
    total: null,
  };

  for (let isFirstPage = resumed === undefined; ; isFirstPage = false) {
    const walk = walkIssues(client, source, { category: categories[at.phase], start: at, fields }, signal);
    let following: Resume | null = null;
    for await (const page of inProject(client, source, walk, signal)) {
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
        const advanced = advancedCursor(at, cursor?.since ?? null);
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
  return { ...at, startedAt: at.startedAt ?? page.answer.serverTime, latest, done: at.done + page.issues.length };
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

/** The server's time at the run's start minus the overlap; never moves back and never uses a local clock. */
function advancedCursor(at: Resume, previous: number | null): Cursor {
  const known = at.startedAt ?? at.latest;
  if (known === null) return { since: previous };
  return { since: Math.max(previous ?? 0, known - overlapMs) };
}
