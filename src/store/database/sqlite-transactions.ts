import type { SQLInputValue } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";
import {
  DefaultConnectionProvider,
  DefaultQueryExecutor,
  DummyDriver,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  Transaction,
} from "kysely";
import type { CompiledQuery, Dialect, QueryResult } from "kysely";
import type { Tables } from "../schema/tables.ts";
import type { Means, Trx } from "./database.ts";
import { giveMemory, type KeptReads, type Memory } from "./memory.ts";
import type { SqliteHandle } from "./sqlite-statements.ts";
import { templateCompiler } from "./template-compiler.ts";
import { createTurns } from "./turns.ts";

/** Runs work in a transaction, one at a time. `prepare` runs on the connection before its transaction begins. */
export type RunTransaction = <T>(work: (db: Trx) => Promise<T>, prepare?: () => void) => Promise<T>;

/**
 * The same for writing. `isUrgent` transactions go first and keep the event loop. Others yield it for a turn between two statements once they have lasted a
 * while, unless an urgent one is waiting for them to end.
 */
export type RunWrite = <T>(work: (db: Trx) => Promise<T>, prepare: () => void, isUrgent: boolean) => Promise<T>;

/** How long a transaction that is not urgent keeps the event loop, in milliseconds; a single statement may take longer. */
const maxAtOnceMs = 8;

/** Kysely only builds queries; nothing runs through its own drivers. */
const driver = new DummyDriver();
const nowhere = new DefaultConnectionProvider(driver);
const adapter = new SqliteAdapter();
const dialect: Dialect = {
  createAdapter: () => adapter,
  createDriver: () => driver,
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
};
const config = { dialect };
const firstRead = "select 1 from sqlite_schema limit 1";

/** Transactions on one connection. */
export type Transactions = {
  readonly run: RunTransaction;
  /** Call before another connection commits, so that transactions begun from now on see that. */
  renew(): void;
};

/** Transactions on the connection that writes. */
export type Writes = {
  readonly run: RunWrite;
  /**
   * Reads on the writing connection, outside any transaction; null if a write is running. Its page cache is warm, while a commit invalidates that of the
   * reading connection.
   */
  readonly peek: <T>(work: (db: Trx) => Promise<T>, prepare?: () => void) => Promise<T> | null;
  /** Resolves when all writes started until now have ended. */
  ended(): Promise<void>;
};

/**
 * Read transactions on one connection of Node's own SQLite, which is synchronous: getting a connection through Kysely would cost more than most queries do.
 * Transactions started in the same turn of the event loop share a snapshot, unless something was written in between, because most calls read several times.
 * `kept`: the cache of the file's reads; null if others write the file: then nothing is cached, and each transaction sees the state at its start.
 */
export function sqliteReads(handle: SqliteHandle, kept: KeptReads | null, means: Means): Transactions {
  const { db } = handle;
  const run = runner(handle);
  const inTurn = createTurns();
  let memory: Memory | null = null;
  let isBegun = false;
  let isRunning = false;
  let isOld = false;

  function begin(): void {
    run("begin");
    isBegun = true;
    isOld = false;
    handle.changed.clear();
    // A read transaction takes its snapshot at the first read, which must be now, to match the cache.
    handle.prepare(firstRead).statement.get();
    memory = kept && kept.open(handle.changed);
  }

  function end(): void {
    if (!isBegun || isRunning) return;
    isBegun = false;
    if (db.isOpen) run("commit");
  }

  return {
    run: (work, prepare) =>
      inTurn(async () => {
        prepare?.();
        if (isOld) end();
        if (!isBegun) begin();
        isRunning = true;
        try {
          return await perform(handle, memory, means, work);
        } catch (error) {
          if (db.isOpen && db.isTransaction) db.exec("rollback");
          isBegun = false;
          throw error;
        } finally {
          isRunning = false;
          // Do not hold a snapshot longer than needed if others write the file.
          if (kept === null) end();
          else setImmediate(end);
        }
      }),
    renew() {
      isOld = true;
      end();
    },
  };
}

/**
 * Write transactions, one at a time. They take the write lock at the start, so that they never fail half way for want of it. `onCommit` is called before each
 * commit.
 */
export function sqliteWrites(handle: SqliteHandle, kept: KeptReads, means: Means, onCommit: () => void): Writes {
  const { db, changed } = handle;
  const run = runner(handle);
  const inTurn = createTurns();
  const write: RunWrite = (work, prepare, isUrgent) =>
    inTurn(async () => {
      changed.clear();
      try {
        prepare();
        run("begin immediate");
        const mayYield = isUrgent ? null : () => !inTurn.isWanted();
        const result = await perform(handle, kept.open(changed), means, work, mayYield);
        onCommit();
        run("commit");
        kept.forget(changed);
        return result;
      } catch (error) {
        // After some failures, such as a full disk, SQLite has already rolled back.
        if (db.isOpen && db.isTransaction) db.exec("rollback");
        throw error;
      }
    }, isUrgent);
  const peek: Writes["peek"] = (work, prepare) =>
    inTurn.isIdle()
      ? inTurn(async () => {
          prepare?.();
          changed.clear();
          return perform(handle, kept.open(changed), means, work);
        })
      : null;
  return { run: write, peek, ended: () => inTurn(async () => {}) };
}

function runner(handle: SqliteHandle): (text: string) => void {
  return (text) => {
    handle.prepare(text).statement.run();
  };
}

async function perform<T>(
  handle: SqliteHandle,
  memory: Memory | null,
  means: Means,
  work: (db: Trx) => Promise<T>,
  mayYield: (() => boolean) | null = null,
): Promise<T> {
  const executor = new SqliteExecutor(handle, mayYield);
  const transaction = Object.assign(new Transaction<Tables>({ config, driver, dialect, executor }), means);
  if (memory !== null) giveMemory(transaction, memory);
  try {
    return await work(transaction);
  } finally {
    executor.end();
  }
}

/** Runs the queries of one transaction. */
class SqliteExecutor extends DefaultQueryExecutor {
  readonly #handle: SqliteHandle;
  /** null: never. */
  readonly #mayYield: (() => boolean) | null;
  /** When it last started a turn of the event loop. */
  #turnAt = performance.now();
  #ended = false;

  constructor(handle: SqliteHandle, mayYield: (() => boolean) | null) {
    super(templateCompiler, adapter, nowhere);
    this.#handle = handle;
    this.#mayYield = mayYield;
  }

  end(): void {
    this.#ended = true;
  }

  override async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#mayYield !== null && performance.now() - this.#turnAt > maxAtOnceMs && this.#mayYield()) {
      await nextTurn();
      this.#turnAt = performance.now();
    }
    if (this.#ended) throw new Error("this transaction has ended");
    const { statement, returnsRows, changes } = this.#handle.prepare(sql);
    for (const kind of changes) this.#handle.changed.add(kind);
    const values = parameters as SQLInputValue[];
    if (returnsRows) return { rows: statement.all(...values) as R[] };
    const { changes: count, lastInsertRowid } = statement.run(...values);
    return { rows: [], numAffectedRows: BigInt(count), insertId: BigInt(lastInsertRowid) };
  }
}
