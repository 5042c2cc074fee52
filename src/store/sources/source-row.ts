import type { Mapping } from "../../domain/mapping.ts";
import type { IssueType } from "../../domain/operation.ts";
import type { SourceConfig, SourceInfo } from "../../domain/source.ts";

/** A source as the mirror knows it. */
export type SourceRow = {
  readonly id: number;
  readonly config: SourceConfig;
  readonly info: SourceInfo | null;
  readonly mapping: Mapping | null;
  /** What can be made here, and whether these credentials may; null before it was described. */
  readonly form: SourceForm | null;
  readonly sync: SyncState;
  /** Mirrored issues. */
  readonly issues: number;
  /** Records put aside because they did not parse. */
  readonly rejected: number;
};

/** What a tracker lets these credentials make in a source. */
export type SourceForm = {
  readonly types: readonly IssueType[];
  readonly writable: { readonly allowed: boolean | null; readonly reason: string | null };
};

/** How far the sync of a source has come; times in milliseconds. */
export type SyncState = {
  readonly cursor: Readonly<Record<string, unknown>> | null;
  readonly resume: Readonly<Record<string, unknown>> | null;
  readonly lastCompleteAt: number | null;
  readonly lastSweepAt: number | null;
  /** When its words were last read; null: they are to be read anew; 0: that was begun, and is to be done again if it came to nothing. */
  readonly describedAt: number | null;
  /** When this source last brought news. */
  readonly lastChangeAt: number | null;
  readonly outside: { readonly count: number | null; readonly reason: string } | null;
  /** What ended its last turn early. */
  readonly error: StoredError | null;
  /** What is odd about it without stopping its sync. */
  readonly warnings: readonly StoredError[];
};

/** An error as the mirror keeps it beside its source; `at`: when it was met. */
export type StoredError = {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly at: number;
};
