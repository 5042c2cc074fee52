import type { Mapping } from "../../domain/mapping.ts";
import type { IssueType } from "../../domain/operation.ts";
import type { SourceConfig, SourceInfo } from "../../domain/source.ts";

/** A source in the mirror. */
export type SourceRow = {
  readonly id: number;
  readonly config: SourceConfig;
  readonly info: SourceInfo | null;
  readonly mapping: Mapping | null;
  /** What can be created here, and whether these credentials may; null until it is described. */
  readonly form: SourceForm | null;
  readonly sync: SyncState;
  /** The number of mirrored issues. */
  readonly issues: number;
  /** The number of records skipped because they did not parse. */
  readonly rejected: number;
};

/** What a tracker lets these credentials create in a source. */
export type SourceForm = {
  readonly types: readonly IssueType[];
  readonly writable: { readonly allowed: boolean | null; readonly reason: string | null };
  /** Why an issue here can have only one assignee, where its tracker allows several. */
  readonly oneAssignee?: string;
};

/** The sync state of a source; times in milliseconds. */
export type SyncState = {
  readonly cursor: Readonly<Record<string, unknown>> | null;
  readonly resume: Readonly<Record<string, unknown>> | null;
  readonly lastCompleteAt: number | null;
  readonly lastSweepAt: number | null;
  /** When its vocabulary was last read; null: a refresh is requested; 0: a refresh has started, and is repeated if it fails. */
  readonly describedAt: number | null;
  /** When this source last changed; after its first run, when the newest of its issues did. */
  readonly lastChangeAt: number | null;
  readonly outside: { readonly count: number | null; readonly reason: string } | null;
  /** The error that ended its last turn early. */
  readonly error: StoredError | null;
  /** Problems that do not stop its sync. */
  readonly warnings: readonly StoredError[];
};

/** An error stored with its source; `at`: when it occurred. */
export type StoredError = {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly at: number;
};
