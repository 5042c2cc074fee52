import type { ParsedRecord } from "../http/parse-body.ts";
import type { RejectedRecord } from "../tracker.ts";

/** The lists of issues of a source. */
export type ListName = "open" | "closed" | "all";

/** One response: a page of a list, in ascending update time. */
export type ListAnswer = {
  /** 304: unchanged since the response with the given `etag`. */
  readonly status: number;
  readonly records: readonly unknown[];
  /** null if the server sends none; then requests are not conditional. */
  readonly etag: string | null;
  /** The URL of the next page; null on the last one. */
  readonly next: string | null;
  /** Whether `next` is a page number, which shifts when something changes meanwhile; links that continue after the last entry do not. */
  readonly shifts: boolean;
  readonly requestedAt: number;
  /** null if the server does not tell. */
  readonly serverTime: number | null;
};

/** A tracker's list of a source's issues in ascending update time, which can start at an update time (inclusive, ISO 8601) and is paged by `Link`. */
export type TimedList<Issue> = {
  /** The number of entries on a full page. */
  readonly pageSize: number;
  fetch(
    query: { readonly list: ListName; readonly since: string | null; readonly etag?: string | null },
    signal: AbortSignal,
  ): Promise<ListAnswer>;
  /** Fetches the page at a `next` URL. */
  follow(link: string, signal: AbortSignal): Promise<ListAnswer>;
  /** null for an entry that is not an issue. */
  parse(record: unknown, nativeId: string | null): ParsedRecord<Issue> | null;
  /** A time in the tracker's format. */
  toSince(ms: number): string;
};

/** Where to continue in a list: from this time, without the entries of exactly this time that were already returned. */
export type WalkPoint = { readonly since: string | null; readonly seen: readonly number[] };

export type WalkPage<Issue> = {
  readonly issues: readonly Issue[];
  readonly rejected: readonly RejectedRecord[];
  /** null on the last page. */
  readonly next: WalkPoint | null;
  /** The latest update time on the page. */
  readonly latest: number | null;
  readonly answer: ListAnswer;
};
