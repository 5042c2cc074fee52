import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type KeptKind, keptKindsChangedBy } from "./memory.ts";

export type Prepared = {
  readonly statement: StatementSync;
  readonly returnsRows: boolean;
  /** See `keptKindsChangedBy`. */
  readonly changes: readonly KeptKind[];
};

/** A SQLite connection with its prepared statements. */
export type SqliteHandle = {
  readonly db: DatabaseSync;
  /** What the transaction that runs has written of what is kept. */
  readonly changed: Set<KeptKind>;
  /** A statement, prepared once. */
  prepare(sql: string): Prepared;
};

const mostStatements = 250;

/** Remembers prepared statements, the least recently used ones leave. */
export function withStatements(db: DatabaseSync): SqliteHandle {
  const statements = new Map<string, Prepared>();
  return {
    db,
    changed: new Set(),
    prepare(sql) {
      let entry = statements.get(sql);
      if (entry) {
        statements.delete(sql);
      } else {
        const statement = db.prepare(sql);
        entry = { statement, returnsRows: statement.columns().length > 0, changes: keptKindsChangedBy(sql) };
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
