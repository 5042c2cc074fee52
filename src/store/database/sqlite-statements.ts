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
  /** The kept kinds that the running transaction has written. */
  readonly changed: Set<KeptKind>;
  /** Returns a statement, prepared once. */
  prepare(sql: string): Prepared;
};

const maxStatements = 250;

type Kept = Prepared & { /** Since it was last looked for one to forget. */ used: boolean };

/** Evicts the oldest statement not used since the last eviction, or else the oldest. */
function forgetOne(statements: Map<string, Kept>): void {
  for (const [sql, entry] of statements) {
    statements.delete(sql);
    if (!entry.used) return;
    entry.used = false;
    statements.set(sql, entry);
  }
}

/** Caches prepared statements, evicting those not used for long. */
export function withStatements(db: DatabaseSync): SqliteHandle {
  const statements = new Map<string, Kept>();
  return {
    db,
    changed: new Set(),
    prepare(sql) {
      let entry = statements.get(sql);
      if (entry === undefined) {
        const statement = db.prepare(sql);
        entry = {
          statement,
          returnsRows: statement.columns().length > 0,
          changes: keptKindsChangedBy(sql),
          used: true,
        };
        if (statements.size >= maxStatements) forgetOne(statements);
        statements.set(sql, entry);
      }
      entry.used = true;
      return entry;
    },
  };
}
