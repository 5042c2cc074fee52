import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import type { CompiledQuery, DatabaseConnection, Dialect, Driver, QueryResult } from "kysely";

/** A SQLite connection with its prepared statements. */
export type SqliteHandle = {
  readonly db: DatabaseSync;
  /** A statement, prepared once. */
  prepare(sql: string): { readonly statement: StatementSync; readonly returnsRows: boolean };
};

const mostStatements = 250;

/** Remembers prepared statements, the least recently used ones leave. */
export function withStatements(db: DatabaseSync): SqliteHandle {
  const statements = new Map<string, { statement: StatementSync; returnsRows: boolean }>();
  return {
    db,
    prepare(sql) {
      let entry = statements.get(sql);
      if (entry) {
        statements.delete(sql);
      } else {
        const statement = db.prepare(sql);
        entry = { statement, returnsRows: statement.columns().length > 0 };
        for (const oldest of statements.keys()) {
          if (statements.size < mostStatements) break;
          statements.delete(oldest);
        }
      }
      statements.set(sql, entry);
      return entry;
    },
  };
}

/** Kysely's dialect over Node's own SQLite. Write transactions begin at once as such, so that they never fail half-way for want of the lock. */
export function sqliteDialect(handle: SqliteHandle, mode: "read" | "write"): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createDriver: () => sqliteDriver(handle, mode),
  };
}

function sqliteDriver(handle: SqliteHandle, mode: "read" | "write"): Driver {
  const { db } = handle;
  const run = <R>({ sql, parameters }: CompiledQuery): QueryResult<R> => {
    const { statement, returnsRows } = handle.prepare(sql);
    const values = parameters as SQLInputValue[];
    if (returnsRows) return { rows: statement.all(...values) as R[] };
    return { rows: [], numAffectedRows: BigInt(statement.run(...values).changes) };
  };
  const connection: DatabaseConnection = {
    executeQuery: async <R>(query: CompiledQuery) => run<R>(query),
    // eslint-disable-next-line require-yield -- Kysely asks for a generator; this one only refuses
    async *streamQuery() {
      throw new Error("the SQLite driver reads in windows, it has no streams");
    },
  };
  return {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: async () => db.exec(mode === "write" ? "begin immediate" : "begin"),
    commitTransaction: async () => db.exec("commit"),
    // SQLite has rolled back already after some failures, a full disk among them.
    rollbackTransaction: async () => {
      if (db.isTransaction) db.exec("rollback");
    },
    releaseConnection: async () => {},
    destroy: async () => db.close(),
  };
}
