import type { Kysely, RawBuilder, Transaction } from "kysely";
import type { Clock } from "../../domain/clock.ts";
import type { FindRefs } from "../../domain/mention.ts";
import type { Match } from "../search/parse-query.ts";
import type { Tables } from "../schema/tables.ts";

export type Db = Kysely<Tables>;
/** A transaction, with what it needs besides queries. */
export type Trx = Transaction<Tables> & Means;

/**
 * `pulled`: data that can be fetched from a tracker again; a power cut may lose the last transactions, whole and in order.
 * `user`: the user's changes; on disk before they are acknowledged.
 */
export type Durability = "pulled" | "user";

/** A table that is written in bulk, with the PostgreSQL types of its columns. */
export type BulkTable = {
  readonly name: keyof Tables;
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, "bigint" | "text" | "float8">>;
  /** Columns that seldom change and are indexed or foreign keys: SQLite does the work of both for every column that is set, changed or not. */
  readonly settled?: readonly string[];
};

export type BulkRow = readonly (string | number | null)[];

/** The data of one issue's search entry. */
export type SearchEntry = {
  readonly id: number;
  readonly head: string;
  readonly body: string;
  readonly comments: string;
};

/** The operations that differ between the two databases, inside a transaction. All other queries are shared. */
export type Dialect = {
  readonly kind: "sqlite" | "postgres";
  /** Inserts rows in the order of the table's columns. */
  insertMany(db: Trx, table: BulkTable, rows: readonly BulkRow[]): Promise<void>;
  /** Inserts rows, or replaces all columns but the key if the key exists. `unsettled`: rows whose settled columns may differ; all if not given. */
  upsertMany(db: Trx, table: BulkTable, rows: readonly BulkRow[], unsettled?: readonly BulkRow[]): Promise<void>;
  /** Runs an insert of one row; returns the id chosen by the database. */
  insertOne(db: Trx, insert: RawBuilder<unknown>): Promise<number>;
  /** For `x in (…)`: a subquery that returns the values, as one parameter. An empty list contains nothing; do not use it with `not in`. */
  list(values: readonly number[] | readonly string[]): RawBuilder<number>;
  readonly search: {
    write(db: Trx, entries: readonly SearchEntry[]): Promise<void>;
    remove(db: Trx, ids: readonly number[]): Promise<void>;
    /** Must run before `matches` and `probes` are used, in the same transaction. */
    prepare(db: Trx, match: Match): Promise<void>;
    /**
     * Gives each match an integer score: first by the number of words in its ref and title, then by their frequency, normalized by length. Call after
     * `prepare`; above `maxRanked` matches the words are too common to be worth reading all texts.
     */
    rank(db: Trx, match: Match): Promise<void>;
    /** The matches as a table of `id` and `score`. */
    hits(): RawBuilder<unknown>;
    /** A condition on `i` for a query that may start from the matches. */
    matches(): RawBuilder<boolean>;
    /** The same for a query that visits issues in another order. */
    probes(): RawBuilder<boolean>;
  };
  /**
   * For each cell (source and status), the first rows of its index, as (id, urgency, updated_at, created_at, manual_rank).
   * `inner` returns the query of one cell for the given selection; its cell's columns are `c.source_id` and `c.status`.
   */
  topOfCells(
    cells: readonly { readonly source: number; readonly status: number }[],
    inner: (selection: RawBuilder<unknown>) => RawBuilder<unknown>,
  ): RawBuilder<{ id: number; urgency: number; updated_at: number; created_at: number; manual_rank: number }>;
};

export type Means = {
  readonly dialect: Dialect;
  /** Finds the issues mentioned in texts. */
  readonly findRefs: FindRefs;
  readonly clock: Clock;
};

/** The database as used by the store. */
export type Database = {
  readonly kind: Dialect["kind"];
  /** Runs reads on one snapshot. */
  read<T>(work: (db: Trx) => Promise<T>): Promise<T>;
  /** The same for a small read that awaits nothing but its queries. If a change follows, it runs on the writing connection, whose cache then has these rows. */
  peek<T>(work: (db: Trx) => Promise<T>): Promise<T>;
  /** Runs one write transaction, the only one at a time, so that what it reads is true until it ends. Throws PanopticonErrors. */
  write<T>(durability: Durability, work: (db: Trx) => Promise<T>): Promise<T>;
  /** Runs the database's own integrity check, and compares the stored counts with the issues. */
  check(): Promise<readonly string[]>;
  close(): Promise<void>;
};
