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

/** Runs work in a transaction, one after the other. `prepare` runs on the connection before its transaction begins. */
export type RunTransaction = <T>(work: (db: Trx) => Promise<T>, prepare?: () => void) => Promise<T>;

/**
 * The same for writing. `isUrgent`: it goes before those that are not, and keeps the event loop to itself. Others let go of it for a turn between two of their
 * statements, once they have lasted a while, unless something urgent waits for their end.
 */
export type RunWrite = <T>(work: (db: Trx) => Promise<T>, prepare: () => void, isUrgent: boolean) => Promise<T>;

/** How long a transaction that is not urgent keeps the event loop to itself, in milliseconds; a single statement may take longer. */
const maxAtOnceMs = 8;

/** Kysely builds queries; nothing runs through its own drivers. */
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
  /** Another connection is about to commit: what begins from now on sees that. */
  renew(): void;
};

/** Transactions on the connection that writes. */
export type Writes = {
  readonly run: RunWrite;
  /** Reads there, outside of any transaction, where nothing is written at the moment; null: something is. Its pages are at hand, where a commit makes the reading connection forget its own. */
  readonly peek: <T>(work: (db: Trx) => Promise<T>, prepare?: () => void) => Promise<T> | null;
  /** Resolves when all that was begun until now has ended. */
  ended(): Promise<void>;
};

/**
 * Transactions that read, on one connection of Node's own SQLite, which answers at once: Kysely's way to a connection would cost more than most queries do. Those that
 * begin in the same turn of the event loop see the same state, unless something was written in between: most calls read several times. `kept`: the file's kept reads;
 * null: others write it, so that nothing is kept, and each transaction sees what is there when it begins.
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
    // A transaction that reads sees what is committed at its first read: that has to be now, as it is for what is kept.
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
          // Of a file that others write nothing is held longer than it is used.
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

/** Transactions that write, one after the other. They begin as such, so that they never fail half-way for want of the lock. `onCommit` is called before each commit. */
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
        // SQLite has rolled back already after some failures, a full disk among them.
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

/** Runs jobs one after the other; urgent ones go before the rest. */
type Turns = (<T>(job: () => Promise<T>, isUrgent?: boolean) => Promise<T>) & {
  isIdle(): boolean;
  /** Whether something urgent waits. */
  isWanted(): boolean;
};

function runner(handle: SqliteHandle): (text: string) => void {
  return (text) => {
    handle.prepare(text).statement.run();
  };
}

/** One after the other, the urgent and the rest each in the order in which they came. */
function createTurns(): Turns {
  const urgent: (() => void)[] = [];
  const waiting: (() => void)[] = [];
  let busy = false;
  const inTurn = async <T>(job: () => Promise<T>, isUrgent = false): Promise<T> => {
    if (busy) await new Promise<void>((resolve) => (isUrgent ? urgent : waiting).push(resolve));
    busy = true;
    try {
      return await job();
    } finally {
      const next = urgent.shift() ?? waiting.shift();
      if (next === undefined) busy = false;
      else next();
    }
  };
  return Object.assign(inTurn, { isIdle: () => !busy, isWanted: () => urgent.length > 0 });
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
  /** When it last got its turn of the event loop. */
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
