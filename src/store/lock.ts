import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { DatabaseSync } from "node:sqlite";
import { PanopticonError } from "../domain/error.ts";
import { fileErrorCode } from "../domain/file-error.ts";
import { toStoreError } from "./database/store-error.ts";

export type Lock = { release(): Promise<void> };

export type LockOptions = {
  /** `postgres://…`; null: the data directory alone is locked. */
  readonly databaseUrl: string | null;
  /** The lock file in the data directory; who holds it stands in `FILE.json` beside it. */
  readonly file: string;
  /** The connection that held the lock on PostgreSQL broke: somebody else may own the database from now on. */
  readonly onLost?: (error: PanopticonError) => void;
};

/** Who holds a lock, as far as it can be told. */
export type LockHolder = { readonly pid: number; readonly since: string; readonly host: string };

/**
 * Makes this process the only owner of a data directory, and of a PostgreSQL database where one is used.
 * Both locks belong to the process itself (a file lock that SQLite takes, a session's advisory lock), so that they end with it, however it ends.
 * Throws `busy` with who has it.
 */
export async function acquireLock({ databaseUrl, file, onLost }: LockOptions): Promise<Lock> {
  const directory = lockFile(file);
  if (databaseUrl === null) return directory;
  try {
    const { lockPostgres } = await import("./database/postgres-lock.ts");
    const server = await lockPostgres(databaseUrl, onLost ?? (() => {}));
    return {
      release: async () => {
        await server.release();
        await directory.release();
      },
    };
  } catch (error) {
    await directory.release();
    throw error;
  }
}

function lockFile(file: string): Lock {
  let db: DatabaseSync | undefined;
  try {
    // Who only looks whether it is free has it for a moment.
    db = new DatabaseSync(file, { timeout: 50 });
    db.exec("pragma locking_mode = exclusive; begin exclusive");
  } catch (error) {
    db?.close();
    const failure = toStoreError(error, file);
    throw failure.code === "busy" ? held(readHolder(file), error) : failure;
  }
  const open = db;
  const holder: LockHolder = { pid: process.pid, since: new Date().toISOString(), host: hostname() };
  try {
    writeFileSync(holderFile(file), `${JSON.stringify(holder)}\n`, { mode: 0o600 });
  } catch (error) {
    open.close();
    throw notNoted(holderFile(file), error);
  }
  return {
    release: async () => {
      if (!open.isOpen) return;
      // First the note, then the lock: a note never speaks for somebody who no longer holds it.
      rmSync(holderFile(file), { force: true });
      open.close();
    },
  };
}

function held(holder: LockHolder | null, cause: unknown): PanopticonError {
  const who = holder === null ? "another process" : `process ${holder.pid}, since ${holder.since}`;
  return new PanopticonError("busy", `Panopticon is already running with this data directory (${who}).`, {
    hint: "Use the running one (`pan status`) or stop it with `pan down`. If it is another command, wait for it. To run both, choose another directory with PANOPTICON_HOME.",
    cause,
  });
}

/** A file may be locked where nothing can be written: it was made by another user, or the disk is full. */
function notNoted(file: string, cause: unknown): PanopticonError {
  if (fileErrorCode(cause) === "ENOSPC") {
    return new PanopticonError("internal", `${file} could not be written: the disk is full.`, {
      hint: "Free up space. No saved data is lost.",
      cause,
    });
  }
  return new PanopticonError("internal", `${file} could not be written.`, {
    hint: "Make the file and its folder writable for yourself.",
    cause,
  });
}

function holderFile(file: string): string {
  return `${file}.json`;
}

/** Who has the lock now; null where nobody has it, and where the holder has not said who it is, or not yet. */
export function findLockHolder(file: string): LockHolder | null {
  let db: DatabaseSync | undefined;
  try {
    // Reading is refused while somebody has it, and keeps nobody from it for longer than that.
    db = new DatabaseSync(file, { timeout: 0 });
    db.prepare("select 1 from sqlite_schema").get();
    return null;
  } catch (error) {
    const failure = toStoreError(error, file);
    if (failure.code === "busy") return readHolder(file);
    throw failure;
  } finally {
    db?.close();
  }
}

/** null where the holder has not said who it is, or not yet. */
function readHolder(file: string): LockHolder | null {
  try {
    const value: unknown = JSON.parse(readFileSync(holderFile(file), "utf8"));
    if (typeof value !== "object" || value === null) return null;
    const { pid, since, host } = value as Partial<LockHolder>;
    return typeof pid === "number" && typeof since === "string" && typeof host === "string"
      ? { pid, since, host }
      : null;
  } catch {
    return null;
  }
}
