import type { ParsedRecord } from "../http/parse-body.ts";
import type { RejectedRecord } from "../tracker.ts";

/** The lists of a source's issues. */
export type ListName = "open" | "closed" | "all";

/** One answer: a page of a list in ascending update time. */
export type ListAnswer = {
  /** 304: as it was when the given `etag` was answered. */
  readonly status: number;
  readonly records: readonly unknown[];
  /** null where the server gives none: then nothing is asked conditionally. */
  readonly etag: string | null;
  /** The address of the next page; null on the last one. */
  readonly next: string | null;
  /** Whether `next` counts pages, which shift when something changes meanwhile; links that go on behind the last entry do not. */
  readonly shifts: boolean;
  readonly requestedAt: number;
  /** null where the server tells no time. */
  readonly serverTime: number | null;
};

/** A tracker's list of a source's issues that can be asked for from an update time on (inclusive, ISO 8601), ascending, and is paged by `Link`. */
export type TimedList<Issue> = {
  /** Entries on a full page. */
  readonly pageSize: number;
  fetch(
    query: { readonly list: ListName; readonly since: string | null; readonly etag?: string | null },
    signal: AbortSignal,
  ): Promise<ListAnswer>;
  /** The page at an address that an answer gave as `next`. */
  follow(link: string, signal: AbortSignal): Promise<ListAnswer>;
  /** null: an entry that is no issue. */
  parse(record: unknown, nativeId: string | null): ParsedRecord<Issue> | null;
  /** A time as the tracker takes it. */
  toSince(ms: number): string;
};

/** Where a list is read on: from this time, without the entries already given that carry exactly this time. */
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
