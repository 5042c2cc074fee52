import type { Kysely, RawBuilder, Transaction } from "kysely";
import type { Clock } from "../../domain/clock.ts";
import type { FindRefs } from "../../domain/mention.ts";
import type { Match } from "../search/parse-query.ts";
import type { Tables } from "../schema/tables.ts";

export type Db = Kysely<Tables>;
/** A transaction, with what it works with besides its queries. */
export type Trx = Transaction<Tables> & Means;

/**
 * `pulled`: what a tracker can be asked for again; a power cut may take the last transactions, whole and in order.
 * `user`: what the user did; on disk before it is acknowledged.
 */
export type Durability = "pulled" | "user";

/** Tables that are written in bulk, with the columns' PostgreSQL types. */
export type BulkTable = {
  readonly name: keyof Tables;
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, "bigint" | "text" | "float8">>;
  /** Columns that change seldom and stand in indexes, or refer to other tables: SQLite does the work of both for every column that is set, changed or not. */
  readonly settled?: readonly string[];
};

export type BulkRow = readonly (string | number | null)[];

/** What one issue's search entry is made of. */
export type SearchEntry = {
  readonly id: number;
  readonly head: string;
  readonly body: string;
  readonly comments: string;
};

/** The differences between the two databases, by name: what is done in a transaction. Everything else is one set of queries. */
export type Dialect = {
  readonly kind: "sqlite" | "postgres";
  /** Inserts rows in the order of the table's columns. */
  insertMany(db: Trx, table: BulkTable, rows: readonly BulkRow[]): Promise<void>;
  /** Inserts rows, or replaces all columns but the key where the key is there already. `unsettled`: those whose settled columns may differ; all where it is not given. */
  upsertMany(db: Trx, table: BulkTable, rows: readonly BulkRow[], unsettled?: readonly BulkRow[]): Promise<void>;
  /** Runs an insert of one row; gives the id that the database chose for it. */
  insertOne(db: Trx, insert: RawBuilder<unknown>): Promise<number>;
  /** `x in (…)`: a subquery that gives the values, as one parameter. Nothing is in an empty list; `not in` is not for it. */
  list(values: readonly number[] | readonly string[]): RawBuilder<number>;
  /** Makes others that want to write this source wait; nothing to do where there is one writer. */
  lockSource(db: Trx, sourceId: number): Promise<void>;
  readonly search: {
    write(db: Trx, entries: readonly SearchEntry[]): Promise<void>;
    remove(db: Trx, ids: readonly number[]): Promise<void>;
    /** Comes before `matches` and `probes` are used, in the same transaction. */
    prepare(db: Trx, match: Match): Promise<void>;
    /**
     * Gives each match a whole number that says how well it fits: first what has more of the words in its ref and title, then what has more of them
     * altogether, measured by its length. Comes after `prepare`; above `maxRanked` matches the words say too little to be worth reading all texts.
     */
    rank(db: Trx, match: Match): Promise<void>;
    /** The matches as a table of `id` and `score`. */
    hits(): RawBuilder<unknown>;
    /** Condition on `i` for a query that may start from the matches. */
    matches(): RawBuilder<boolean>;
    /** The same for a query that meets issues in another order. */
    probes(): RawBuilder<boolean>;
  };
  /**
   * For each cell (source and status) the first rows of its index, as (id, urgency, updated_at, created_at, manual_rank).
   * `inner` gives the query of one cell for the given selection; its cell's columns are `c.source_id` and `c.status`.
   */
  topOfCells(
    cells: readonly { readonly source: number; readonly status: number }[],
    inner: (selection: RawBuilder<unknown>) => RawBuilder<unknown>,
  ): RawBuilder<{ id: number; urgency: number; updated_at: number; created_at: number; manual_rank: number }>;
};

export type Means = {
  readonly dialect: Dialect;
  /** How texts are read for the issues they name. */
  readonly findRefs: FindRefs;
  readonly clock: Clock;
};

/** What the store works with. */
export type Database = {
  readonly kind: Dialect["kind"];
  /** Runs reads on one snapshot. */
  read<T>(work: (db: Trx) => Promise<T>): Promise<T>;
  /** The same for a look at a few rows, which awaits nothing but its queries: where a change follows, it is read where that is written, and is at hand there. */
  peek<T>(work: (db: Trx) => Promise<T>): Promise<T>;
  /** Runs one write transaction; the only writer at that moment on SQLite. Throws PanopticonErrors. */
  write<T>(durability: Durability, work: (db: Trx) => Promise<T>): Promise<T>;
  /** Runs the database's own integrity check, and compares the kept counts with the issues. */
  check(): Promise<readonly string[]>;
  close(): Promise<void>;
};
