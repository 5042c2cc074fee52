import type { SQLInputValue } from "node:sqlite";
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
import type { Trx } from "./database.ts";
import { giveMemory, type KeptReads } from "./memory.ts";
import type { SqliteHandle } from "./sqlite-statements.ts";
import { templateCompiler } from "./template-compiler.ts";

/** Runs work in a transaction, one after the other. `prepare` runs on the connection before its transaction begins. */
export type RunTransaction = <T>(work: (db: Trx) => Promise<T>, prepare?: () => void) => Promise<T>;

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

/**
 * Transactions on one connection of Node's own SQLite, which answers at once: Kysely's way to a connection would cost more than most queries do. Write
 * transactions begin as such, so that they never fail half-way for want of the lock. `kept`: the file's kept reads, null: nothing is kept.
 */
export function sqliteTransactions(
  handle: SqliteHandle,
  mode: "read" | "write",
  kept: KeptReads | null,
): RunTransaction {
  const { db, changed } = handle;
  const run = (text: string) => handle.prepare(text).statement.run();
  const begin = mode === "write" ? "begin immediate" : "begin";
  const waiting: (() => void)[] = [];
  let busy = false;

  return async (work, prepare) => {
    if (busy) await new Promise<void>((resolve) => waiting.push(resolve));
    busy = true;
    changed.clear();
    const executor = new SqliteExecutor(handle);
    try {
      prepare?.();
      run(begin);
      const transaction = new Transaction<Tables>({ config, driver, dialect, executor });
      if (kept !== null) {
        // A transaction that reads sees what is committed at its first read: that has to be now, as it is for what is kept.
        if (mode === "read") handle.prepare(firstRead).statement.get();
        giveMemory(transaction, kept.open(changed));
      }
      const result = await work(transaction);
      run("commit");
      kept?.forget(changed);
      return result;
    } catch (error) {
      // SQLite has rolled back already after some failures, a full disk among them.
      if (db.isOpen && db.isTransaction) db.exec("rollback");
      throw error;
    } finally {
      executor.end();
      const next = waiting.shift();
      if (next === undefined) busy = false;
      else next();
    }
  };
}

/** Runs the queries of one transaction. */
class SqliteExecutor extends DefaultQueryExecutor {
  readonly #handle: SqliteHandle;
  #ended = false;

  constructor(handle: SqliteHandle) {
    super(templateCompiler, adapter, nowhere);
    this.#handle = handle;
  }

  end(): void {
    this.#ended = true;
  }

  override async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#ended) throw new Error("this transaction has ended");
    const { statement, returnsRows, changes } = this.#handle.prepare(sql);
    for (const kind of changes) this.#handle.changed.add(kind);
    const values = parameters as SQLInputValue[];
    if (returnsRows) return { rows: statement.all(...values) as R[] };
    return { rows: [], numAffectedRows: BigInt(statement.run(...values).changes) };
  }
}
