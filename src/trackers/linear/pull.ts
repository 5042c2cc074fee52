import { z } from "zod";
import type { NativeIssue } from "../../domain/issue.ts";
import { fieldOf, parseRecord } from "../http/parse-body.ts";
import { continueFrom, rewind, startFields, startOf } from "../run-start.ts";
import type { PullPage, PullRequest, RejectedRecord, Source } from "../tracker.ts";
import { type LinearClient, nextCursor } from "./client.ts";
import { toIssue, toRelations, toSeen } from "./map.ts";
import { finishedTypes } from "./mapping.ts";
import { inlineRelations } from "./issue-selection.ts";
import { Issue } from "./schema.ts";
import { requireTeam, teamFilter } from "./team.ts";

const overlapMs = 2 * 60 * 1000;

/** The first page size of an idle poll; full pages follow if there is more. */
const smallFirstPage = 20;

/** Server time in milliseconds; `since` is inclusive. */
const PullCursor = z.object({ since: z.number(), ahead: z.number().nullish() });

const Resume = z.object({
  phase: z.enum(["open", "closed", "changed"]),
  since: z.number().nullable(),
  /** The earliest update time read in this phase; later changes are newer than the run's start. */
  until: z.number().nullable(),
  ...startFields,
  latest: z.number().nullable(),
  done: z.number(),
});
type Resume = z.infer<typeof Resume>;

/**
 * Reads what changed since the cursor. The first run reads all open issues, then the closed ones inside the history window; later runs read everything updated
 * since. Linear lists the latest change first, so anything that changes meanwhile is newer than the run's start and left to the next run. An interrupted run
 * resumes by time, not by Linear's page cursor, which names an issue that may no longer exist.
 */
export async function* pullIssues(
  client: LinearClient,
  source: Source,
  request: PullRequest,
): AsyncGenerator<PullPage, void, undefined> {
  const { signal } = request;
  const team = teamFilter(source);
  const resumed = request.resume === null ? undefined : Resume.safeParse(request.resume).data;
  let cursor = request.cursor === null ? undefined : PullCursor.safeParse(request.cursor).data;
  let at: Resume = resumed ?? {
    phase: cursor === undefined ? "open" : "changed",
    since: cursor?.since ?? null,
    until: null,
    startedAt: null,
    ahead: null,
    latest: null,
    done: 0,
  };
  let isFirst = resumed === undefined && cursor !== undefined;

  for (;;) {
    const list = { team, filter: toFilter(team, at) };
    for await (const { answer, isLast } of listPages(client, list, isFirst ? smallFirstPage : undefined, signal)) {
      requireTeam(answer.data, source);
      const from = isFirst && cursor ? rewind(cursor, answer, overlapMs, source) : null;
      if (from !== null) {
        cursor = from;
        at = { ...at, since: from.since };
        break;
      }
      isFirst = false;
      const { nodes } = answer.data.issues;
      const { issues, rejected } = parseIssues(nodes);
      const times = nodes.map(updatedAtOf).filter((time) => time !== null);
      at = {
        ...at,
        until: times.length === 0 ? at.until : Math.min(...times),
        latest: times.length === 0 ? at.latest : Math.max(at.latest ?? -Infinity, ...times),
        ...startOf(at, answer),
        done: at.done + nodes.length,
      };
      const following: Resume | null = isLast ? nextPhase(at, source, client) : at;
      const shared = {
        changes: await withAllRelations(
          client,
          issues.filter((issue) => !issue.trashed),
          signal,
        ),
        removed: issues.filter((issue) => issue.trashed).map((issue) => issue.id),
        rejected,
        seen: toSeen(issues),
        requestedAt: answer.requestedAt,
        progress: { done: at.done, total: null },
      };
      if (following === null) {
        const next = continueFrom(at, cursor?.since ?? null, overlapMs);
        const advanced = { ...next, since: next.since ?? 0 };
        yield { ...shared, resume: null, finished: { advanced, kept: advanced } };
        return;
      }
      yield { ...shared, resume: { ...following }, finished: null };
      if (isLast) at = following;
    }
  }
}

type ListVariables = Omit<Parameters<LinearClient["fetchIssues"]>[0], "after">;

/** The pages of one list; the next page is fetched while the current one is processed. `first`: the maximum size of the first page. */
async function* listPages(
  client: LinearClient,
  list: ListVariables,
  first: number | undefined,
  outer: AbortSignal,
): AsyncGenerator<
  { readonly answer: Awaited<ReturnType<LinearClient["fetchIssues"]>>; readonly isLast: boolean },
  void,
  undefined
> {
  const left = new AbortController();
  const signal = AbortSignal.any([outer, left.signal]);
  let after: string | null = null;
  let page = client.fetchIssues({ ...list, after }, first, signal);
  try {
    for (;;) {
      const answer = await page;
      after = nextCursor(answer.data.issues.pageInfo, after);
      if (after !== null) {
        page = client.fetchIssues({ ...list, after }, undefined, signal);
        // Errors are thrown where the promise is awaited; this prevents an unhandled rejection until then.
        page.catch(() => undefined);
      }
      yield { answer, isLast: after === null };
      if (after === null) return;
    }
  } finally {
    left.abort();
  }
}

function toFilter(team: Readonly<Record<string, unknown>>, at: Resume): Readonly<Record<string, unknown>> {
  const time = {
    ...(at.since === null ? {} : { gte: new Date(at.since).toISOString() }),
    // Linear's times are more precise than the milliseconds it shows.
    ...(at.until === null ? {} : { lt: new Date(at.until + 1).toISOString() }),
  };
  return {
    team,
    ...(Object.keys(time).length === 0 ? {} : { updatedAt: time }),
    ...(at.phase === "open" ? { state: { type: { nin: finishedTypes } } } : {}),
    ...(at.phase === "closed" ? { state: { type: { in: finishedTypes } } } : {}),
  };
}

/** The closed issues follow the open ones; null when the run is complete. */
function nextPhase(at: Resume, source: Source, client: LinearClient): Resume | null {
  if (at.phase !== "open") return null;
  const since = source.historyMs === null ? null : (at.startedAt ?? client.serverNow()) - source.historyMs;
  return { ...at, phase: "closed", since, until: null };
}

function parseIssues(nodes: readonly unknown[]): { issues: Issue[]; rejected: RejectedRecord[] } {
  const issues: Issue[] = [];
  const rejected: RejectedRecord[] = [];
  for (const raw of nodes) {
    const record = parseRecord(Issue, raw, idOf);
    if (record.ok) issues.push(record.value);
    else rejected.push(record.rejected);
  }
  return { issues, rejected };
}

export function idOf(raw: unknown): string | null {
  const id = fieldOf(raw, "id");
  return typeof id === "string" ? id : null;
}

function updatedAtOf(raw: unknown): number | null {
  const time = Date.parse(String(fieldOf(raw, "updatedAt")));
  return Number.isNaN(time) ? null : time;
}

/** The list contains a few relations per issue. For issues that reach this limit, all relations are fetched, many issues at once. */
async function withAllRelations(
  client: LinearClient,
  issues: readonly Issue[],
  signal: AbortSignal,
): Promise<NativeIssue[]> {
  const overflowing = issues.filter(
    ({ relations, inverseRelations }) =>
      relations.nodes.length >= inlineRelations || inverseRelations.nodes.length >= inlineRelations,
  );
  const all = await client.fetchRelations(
    overflowing.map((issue) => issue.id),
    signal,
  );
  return issues.map((issue) => {
    const found = all.get(issue.id);
    return found === undefined ? toIssue(issue) : { ...toIssue(issue), relations: toRelations(found) };
  });
}
