import { z } from "zod";
import { fieldOf, parseRecord } from "../http/parse-body.ts";
import { continueFrom, rewind, startFields, startOf } from "../run-start.ts";
import type { PullPage, PullRequest, RejectedRecord, Source } from "../tracker.ts";
import type { RallyClient } from "./client.ts";
import { artifactFields } from "./fields.ts";
import { learnArtifacts } from "./learned.ts";
import { toIssue, toSeen } from "./map.ts";
import type { RallyParts } from "./parts.ts";
import { Artifact } from "./schema.ts";
import { type ArtifactList, fromTheStart, walkArtifacts, type WalkPage, type WalkPoint } from "./walk.ts";
import { type ArtifactType, finishedCondition, hasState, isFinished } from "./workflow.ts";

const overlapMs = 2 * 60 * 1000;

/** A larger scope is read type by type, finished work separately: reading all of it and dropping what is older than the history would take too long. */
const maxAtOnce = 20_000;

/**
 * The first page of a first run is small, so that the first issues are on the board while the large pages, which take the server seconds, are being fetched.
 */
const firstSize = 250;

/** Server time in milliseconds; `since` is inclusive. */
const PullCursor = z.object({ since: z.number(), ahead: z.number().nullish() });

const Resume = z.object({
  phase: z.enum(["open", "closed", "changed"]),
  /** All types in one list, or one list per type. */
  how: z.enum(["together", "by-type"]),
  /** The index among the lists of this phase. */
  list: z.number(),
  since: z.number().nullable(),
  seen: z.array(z.number()).readonly(),
  after: z.number().nullable(),
  ...startFields,
  latest: z.number().nullable(),
  done: z.number(),
  total: z.number().nullable(),
});
type Resume = z.infer<typeof Resume>;

/**
 * Reads what changed since the cursor. The first run reads the open artifacts and the finished ones inside the history window; later runs read everything
 * updated since, oldest first. Lists of all types cannot be filtered by state, so they are read once for both.
 */
export async function* pullArtifacts(
  { client, places, learned }: RallyParts,
  source: Source,
  request: PullRequest,
): AsyncGenerator<PullPage, void, undefined> {
  const { signal } = request;
  const scope = await places.scopeOf(source, signal);
  const types = await places.typesOf(scope.workspace, signal);
  const resumed = request.resume === null ? undefined : Resume.safeParse(request.resume).data;
  let cursor = request.cursor === null ? undefined : PullCursor.safeParse(request.cursor).data;
  let at: Resume = resumed ?? {
    phase: cursor === undefined ? "open" : "changed",
    how: learned.statesTogether ? "together" : "by-type",
    list: 0,
    ...fromTheStart,
    since: cursor?.since ?? null,
    startedAt: null,
    ahead: null,
    latest: null,
    done: 0,
    total: null,
  };

  let isFirst = resumed === undefined;
  for (;;) {
    const lists = listsOf(types, at);
    const list = lists[at.list];
    if (list === undefined) return;
    let restart: Resume | null = null;
    for await (const page of walkArtifacts(client, scope, list, {
      start: pointOf(at),
      fetch: artifactFields,
      ...(isFirst && cursor === undefined ? { firstSize } : {}),
      signal,
    })) {
      const from = isFirst && cursor ? rewind(cursor, page.answer, overlapMs, source) : null;
      if (from !== null) {
        cursor = from;
        restart = { ...at, since: from.since };
        break;
      }
      isFirst = false;
      if (at.how === "together" && !page.records.every(tellsState)) {
        learned.statesTogether = false;
        restart = { ...at, how: "by-type", list: 0 };
        break;
      }
      const read = parseArtifacts(page.records);
      learnArtifacts(learned, scope.workspace, read.artifacts);
      at = advance(at, page, windowStart(source, at, client));
      const isTooLarge = at.phase === "open" && at.how === "together" && page.answer.total > maxAtOnce;
      const changes = wanted(read.artifacts, at, types, windowStart(source, at, client)).map((artifact) =>
        toIssue(artifact, { server: client.baseUrl, types }),
      );
      at = { ...at, done: at.done + changes.length };
      const following: Resume | null = isTooLarge
        ? { ...at, how: "by-type", list: 0, ...fromTheStart }
        : page.next !== null
          ? { ...at, ...page.next }
          : afterList(at, lists.length, types, windowStart(source, at, client));
      const shared = {
        changes,
        removed: [],
        rejected: read.rejected,
        seen: toSeen(read.artifacts, client.baseUrl),
        requestedAt: page.answer.requestedAt,
        progress: { done: at.done, total: at.total === null ? null : Math.max(at.total, at.done) },
      };
      if (following === null) {
        const next = continueFrom(at, cursor?.since ?? null, overlapMs);
        const advanced = { ...next, since: next.since ?? 0 };
        yield { ...shared, resume: null, finished: { advanced, kept: advanced } };
        return;
      }
      yield { ...shared, resume: { ...following }, finished: null };
      if (page.next === null || isTooLarge) {
        restart = following;
        break;
      }
      at = following;
    }
    if (restart === null) return;
    at = restart;
  }
}

function pointOf({ since, seen, after }: Resume): WalkPoint {
  return { since, seen, after };
}

/** The lists that a phase reads, in sequence. */
export function listsOf(types: readonly ArtifactType[], at: Pick<Resume, "how" | "phase">): readonly ArtifactList[] {
  if (at.how === "together") {
    return [{ path: "artifact", types: types.map(({ path }) => path), condition: null }];
  }
  return types.map((type) => ({
    path: type.path,
    condition: at.phase === "changed" ? null : finishedCondition(type, at.phase === "closed"),
  }));
}

function tellsState(raw: unknown): boolean {
  return typeof raw !== "object" || raw === null || hasState(raw as { readonly [key: string]: unknown });
}

/** The time from which finished work is included; null: all of it. */
export function windowStart(source: Source, at: Pick<Resume, "startedAt">, client: RallyClient): number | null {
  return source.historyMs === null ? null : (at.startedAt ?? client.serverNow()) - source.historyMs;
}

function advance(at: Resume, page: WalkPage, windowFrom: number | null): Resume {
  return {
    ...at,
    ...startOf(at, page.answer),
    latest: page.latest === null ? at.latest : Math.max(at.latest ?? page.latest, page.latest),
    // The total of a whole first run; unknown in advance with a history window.
    total: at.phase === "open" && at.how === "together" && windowFrom === null ? page.remaining + at.done : at.total,
  };
}

/** In a first run, the open artifacts, then the finished ones inside the history window; a list of one type was already filtered for either. */
function wanted(
  artifacts: readonly Artifact[],
  at: Resume,
  types: readonly ArtifactType[],
  windowFrom: number | null,
): readonly Artifact[] {
  if (at.phase === "changed") return artifacts;
  if (at.how === "by-type")
    return artifacts.filter((artifact) => isFinished(artifact, types) === (at.phase === "closed"));
  const [open, finished] = [false, true].map((side) => artifacts.filter((one) => isFinished(one, types) === side));
  return [...(open ?? []), ...(finished ?? []).filter((one) => one.LastUpdateDate >= (windowFrom ?? 0))];
}

/** Where to continue at the end of a list; null when the run is complete. */
function afterList(
  at: Resume,
  lists: number,
  types: readonly ArtifactType[],
  windowFrom: number | null,
): Resume | null {
  if (at.list + 1 < lists) {
    const since = at.phase === "closed" ? windowFrom : null;
    return { ...at, list: at.list + 1, ...fromTheStart, since };
  }
  if (at.phase !== "open" || types.length === 0 || at.how === "together") return null;
  return { ...at, phase: "closed", list: 0, ...fromTheStart, since: windowFrom };
}

export function parseArtifacts(records: readonly unknown[]): {
  readonly artifacts: readonly Artifact[];
  readonly rejected: readonly RejectedRecord[];
} {
  const artifacts: Artifact[] = [];
  const rejected: RejectedRecord[] = [];
  for (const raw of records) {
    const record = parseRecord(Artifact, raw, idOf);
    if (record.ok) artifacts.push(record.value);
    else rejected.push(record.rejected);
  }
  return { artifacts, rejected };
}

export function idOf(raw: unknown): string | null {
  const oid = fieldOf(raw, "ObjectID");
  return typeof oid === "number" ? String(oid) : null;
}
