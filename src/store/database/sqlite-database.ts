import { accessSync, constants, existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { sql } from "kysely";
import { isNotThere } from "../../domain/file-error.ts";
import { PanopticonError } from "../../domain/error.ts";
import type { Clock } from "../../domain/clock.ts";
import type { FindRefs } from "../../domain/mention.ts";
import type { Database, Durability, Means } from "./database.ts";
import { checkCounts } from "./check-counts.ts";
import { keepReads, keptKinds } from "./memory.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";
import { withStatements } from "./sqlite-statements.ts";
import type { SqliteHandle } from "./sqlite-statements.ts";
import { sqliteReads, sqliteWrites } from "./sqlite-transactions.ts";
import { cannotBeWritten, toStoreError } from "./store-error.ts";

const busyTimeoutMs = 5_000;
const lookAgainMs = 100;
/** A change touches a row in each of a dozen tables and indexes and writes that many pages, so small pages reach the disk sooner. */
const pageSize = 4_096;

export type SqliteOptions = {
  readonly file: string;
  readonly readOnly: boolean;
  readonly findRefs: FindRefs;
  readonly clock: Clock;
  /** The maximum number of pages; beyond it writes fail as on a full disk. For tests. */
  readonly maxPages?: number;
};

/**
 * Opens SQLite with Node's driver. One connection writes, another reads beside it (WAL), so that the board reads the last committed state during a long
 * transaction.
 */
export function openSqlite({ file, readOnly, findRefs, clock, maxPages }: SqliteOptions): Database {
  if (readOnly && !existsSync(file)) {
    throw new PanopticonError("not_found", `There is no mirror yet at ${file}.`, {
      hint: "Start the server with `pan up`, or fetch the issues with `pan sync`.",
    });
  }
  const failure = (error: unknown) => toStoreError(error, file);
  const writing = readOnly ? null : openWriter(file, maxPages, failure);
  let readHandle: SqliteHandle;
  try {
    readHandle = openReader(file);
  } catch (error) {
    writing?.db.close();
    throw failure(error);
  }
  // A read-only process is not notified of other processes' writes, so it keeps no reads.
  const kept = writing && keepReads();
  const means = { dialect: sqliteDialect(writing), findRefs, clock };
  const reads = sqliteReads(readHandle, kept, means);
  const writes = writing && kept && sqliteWrites(writing, kept, means, reads.renew);
  const noticeOthers =
    writing === null
      ? () => {}
      : othersWrites(writing, () => {
          kept?.forget(keptKinds);
          reads.renew();
        });
  let durability: Durability | null = null;

  return {
    kind: "sqlite",
    read: (work) => reads.run(work, noticeOthers).catch(rethrow(failure)),
    peek: (work) => (writes?.peek(work, noticeOthers) ?? reads.run(work, noticeOthers)).catch(rethrow(failure)),
    write: async (wanted, work) => {
      if (!writes || !writing) {
        throw new PanopticonError("internal", `The mirror ${file} was opened read-only.`);
      }
      return writes
        .run(
          work,
          () => {
            noticeOthers();
            if (wanted === durability) return;
            writing.db.exec(`pragma synchronous = ${wanted === "user" ? "full" : "normal"}`);
            durability = wanted;
          },
          // Storing a page of hundreds of issues takes as long as a board may take to answer; a user's change takes a millisecond.
          wanted === "user",
        )
        .catch(rethrow(failure));
    },
    check: () => check(file, means).catch(rethrow(failure)),
    close: async () => {
      await writes?.ended();
      readHandle.db.close();
      if (writing === null) return;
      optimize(writing.db);
      writing.db.close();
    },
  };
}

function openWriter(file: string, maxPages: number | undefined, failure: (error: unknown) => Error): SqliteHandle {
  // SQLite silently opens a read-only file, and fails in the middle of the work.
  if (!mayWrite(file)) throw cannotBeWritten(file);
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, { timeout: busyTimeoutMs });
    db.exec(`
      pragma page_size = ${pageSize};
      pragma journal_mode = wal;
      pragma foreign_keys = on;
      pragma cache_size = -8000;
      pragma wal_autocheckpoint = 2000;
      pragma journal_size_limit = 33554432;
    `);
    if (maxPages !== undefined) db.exec(`pragma max_page_count = ${maxPages}`);
    return withStatements(db);
  } catch (error) {
    db?.close();
    throw failure(error);
  }
}

/** True for a missing file, too: SQLite finds out whether it can be created. */
function mayWrite(file: string): boolean {
  try {
    accessSync(file, constants.W_OK);
    return true;
  } catch (error) {
    return isNotThere(error);
  }
}

function openReader(file: string): SqliteHandle {
  const db = new DatabaseSync(file, { readOnly: true, timeout: busyTimeoutMs });
  // Temporary tables (the matches of a search) stay in memory. The system caches what SQLite's own cache has no room for.
  db.exec("pragma cache_size = -8000; pragma temp_store = memory;");
  return withStatements(db);
}

/**
 * Uses a separate connection: the search index caches its segments per connection, and `integrity_check` on one that searched before the last merge misses
 * segments that are no longer needed.
 */
async function check(file: string, means: Means): Promise<readonly string[]> {
  const handle = openReader(file);
  try {
    return await sqliteReads(handle, null, means).run(async (db) => {
      const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check(20)`.execute(db);
      const { rows: orphans } = await sql<{ table: string; parent: string }>`pragma foreign_key_check`.execute(db);
      return [
        ...rows.map((row) => row.integrity_check).filter((line) => line !== "ok"),
        ...orphans.slice(0, 20).map((row) => `a row of ${row.table} refers to a missing row of ${row.parent}`),
        ...(await checkCounts(db)),
      ];
    });
  } finally {
    handle.db.close();
  }
}

/** Calls `onWrite` if another program has written to the file since the last check. The lock should prevent that, so it checks only now and then. */
function othersWrites({ prepare }: SqliteHandle, onWrite: () => void): () => void {
  const look = () => prepare("pragma data_version").statement.get()?.["data_version"];
  let seen = look();
  let lookedAt = performance.now();
  return () => {
    if (performance.now() - lookedAt < lookAgainMs) return;
    lookedAt = performance.now();
    const now = look();
    if (now !== seen) onWrite();
    seen = now;
  };
}

function rethrow(failure: (error: unknown) => Error): (error: unknown) => never {
  return (error) => {
    throw failure(error);
  };
}

/** Updates the planner's statistics. On a full disk the old ones stay, and the mirror must still close. */
function optimize(db: DatabaseSync): void {
  try {
    db.exec("pragma optimize");
  } catch (error) {
    if (!/full/.test(toStoreError(error, "").message)) throw error;
  }
}
