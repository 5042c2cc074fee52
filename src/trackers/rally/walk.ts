import { PanopticonError } from "../../domain/error.ts";
import { fieldOf } from "../http/parse-body.ts";
import type { ListPage, RallyClient, Scope } from "./client.ts";
import { allOf, anyOf, compare, type Condition } from "./query.ts";

/** A list of artifacts: all types together, or one type with a condition that only it supports. */
export type ArtifactList = {
  readonly path: string;
  readonly types?: readonly string[];
  readonly condition: Condition | null;
};

/**
 * Where to continue in a list: from this time (milliseconds), without those of exactly this time that were already returned; inside a crowd of equal times,
 * after this ObjectID.
 */
export type WalkPoint = {
  readonly since: number | null;
  readonly seen: readonly number[];
  readonly after: number | null;
};

export const fromTheStart: WalkPoint = { since: null, seen: [], after: null };

/** A page, or a part of a large one. */
export type WalkPage = {
  /** The raw records, without those already returned. */
  readonly records: readonly unknown[];
  /** The point after these records; null at the end of the list. */
  readonly next: WalkPoint | null;
  /** The latest update time among them. */
  readonly latest: number | null;
  /** The number of records from here on, including these, without those already returned. */
  readonly remaining: number;
  readonly answer: ListPage;
};

/** Rally's pages are so large that processing one as a whole would block others. */
const maxInPiece = 250;

type Entry = { readonly oid: number | null; readonly updatedAt: number | null; readonly raw: unknown };

/**
 * Reads a list in ascending update time. The next page is requested by time, so that records that change meanwhile move to the end and are read there instead
 * of shifting the pages. If a whole page shares one time, that crowd is read by ObjectID, which does not shift either. The next page is fetched while the
 * current one is processed, because large pages take the server long.
 */
export async function* walkArtifacts(
  client: RallyClient,
  scope: Scope,
  list: ArtifactList,
  options: {
    readonly start: WalkPoint;
    readonly fetch: readonly string[];
    /** The size of the first page; default: the maximum page size. */
    readonly firstSize?: number;
    readonly signal: AbortSignal;
  },
): AsyncGenerator<WalkPage, void, undefined> {
  const left = new AbortController();
  const signal = AbortSignal.any([options.signal, left.signal]);
  const fetchFrom = (point: WalkPoint, size?: number) =>
    client.fetchPage(
      {
        path: list.path,
        ...(list.types === undefined ? {} : { types: list.types }),
        scope,
        query: allOf([list.condition, toCondition(point)]),
        order: "LastUpdateDate ASC,ObjectID",
        fetch: options.fetch,
        ...(size === undefined ? {} : { size }),
      },
      signal,
    );
  let point = options.start;
  let page = fetchFrom(point, options.firstSize);
  try {
    for (;;) {
      const answer = await page;
      const entries = answer.records.map(toEntry);
      const isLast = entries.length === 0 || answer.start - 1 + entries.length >= answer.total;
      const { since } = point;
      const seen = new Set(point.seen);
      const pieces = piecesOf(entries, point, isLast);
      const end = pieces.at(-1)?.next ?? null;
      if (end !== null) {
        page = fetchFrom(end);
        // Errors are thrown where the promise is awaited; this prevents an unhandled rejection until then.
        page.catch(() => undefined);
      }
      for (const { entries: own, next, offset } of pieces) {
        const records = own
          .filter(({ oid, updatedAt }) => oid === null || updatedAt !== since || !seen.has(oid))
          .map(({ raw }) => raw);
        const given = own.length - records.length;
        const remaining = answer.total - (answer.start - 1) - offset - given;
        yield { records, next, latest: latestOf(own), remaining, answer };
      }
      if (end === null) return;
      point = end;
    }
  } finally {
    left.abort();
  }
}

type Piece = { readonly entries: readonly Entry[]; readonly offset: number; readonly next: WalkPoint | null };

/** The parts of a page, each with the point after it; null after the last page. At least one part. */
function piecesOf(entries: readonly Entry[], start: WalkPoint, isLast: boolean): readonly Piece[] {
  // Without a time, a page cannot be resumed in the middle.
  const size = entries.every(({ oid, updatedAt }) => oid !== null && updatedAt !== null) ? maxInPiece : entries.length;
  const pieces: Piece[] = [];
  let point = start;
  for (let offset = 0; offset === 0 || offset < entries.length; offset += size) {
    const own = entries.slice(offset, offset + size);
    if (isLast && offset + size >= entries.length) return [...pieces, { entries: own, offset, next: null }];
    point = nextPoint(point, own);
    pieces.push({ entries: own, offset, next: point });
  }
  return pieces;
}

function latestOf(entries: readonly Entry[]): number | null {
  return entries.reduce<number | null>(
    (found, { updatedAt }) => (updatedAt === null ? found : Math.max(found ?? updatedAt, updatedAt)),
    null,
  );
}

function toCondition({ since, after }: WalkPoint): Condition | null {
  if (since === null) return null;
  const time = new Date(since);
  if (after === null) return compare("LastUpdateDate", ">=", time);
  return anyOf([
    compare("LastUpdateDate", ">", time),
    allOf([compare("LastUpdateDate", "=", time), compare("ObjectID", ">", after)]),
  ]);
}

function nextPoint(point: WalkPoint, entries: readonly Entry[]): WalkPoint {
  const time = latestOf(entries) ?? point.since;
  const own = entries.filter(({ updatedAt }) => updatedAt === time).flatMap(({ oid }) => (oid === null ? [] : [oid]));
  const isCrowd = entries.every(({ updatedAt }) => updatedAt === null || updatedAt === time);
  if (time !== null && !isCrowd) return { since: time, seen: own, after: null };
  const after = Math.max(...entries.map(({ oid }) => oid ?? 0));
  if (time === null || (point.since === time && after <= (point.after ?? 0))) {
    throw new PanopticonError("invalid_response", "Rally keeps returning the same page of a list.", {
      tracker: "rally",
      hint: "Panopticon retries later.",
    });
  }
  return { since: time, seen: [], after };
}

function toEntry(raw: unknown): Entry {
  const oid = fieldOf(raw, "ObjectID");
  const time = Date.parse(String(fieldOf(raw, "LastUpdateDate")));
  return { oid: typeof oid === "number" ? oid : null, updatedAt: Number.isNaN(time) ? null : time, raw };
}
