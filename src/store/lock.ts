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
  /** The lock file in the data directory; `FILE.json` beside it names the holder. */
  readonly file: string;
  /** Called when the connection holding the PostgreSQL lock breaks: another process may own the database from now on. */
  readonly onLost?: (error: PanopticonError) => void;
};

/** The holder of a lock. */
export type LockHolder = { readonly pid: number; readonly since: string; readonly host: string };

/**
 * Makes this process the only owner of a data directory, and of a PostgreSQL database if one is used.
 * Both locks belong to the process itself (a SQLite file lock, a session's advisory lock), so they end with it, however it exits.
 * Throws `busy` with the holder.
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
    // A process that checks whether the lock is free holds it for a moment.
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
      // Remove the holder file before the lock, so that it never names a process that no longer holds it.
      rmSync(holderFile(file), { force: true });
      open.close();
    },
  };
}

function held(holder: LockHolder | null, cause: unknown): PanopticonError {
  const who = holder === null ? "another process" : `process ${holder.pid}, since ${localTime(holder.since)}`;
  return new PanopticonError("busy", `Panopticon is already running with this data directory (${who}).`, {
    hint: "Use the running one (`pan status`) or stop it with `pan down`. If it is another command, wait for it. To run both, choose another directory with PANOPTICON_HOME.",
    cause,
  });
}

/** `14:05` of today, else `2026-11-27 14:05`, in local time. */
function localTime(time: string): string {
  const date = new Date(time);
  const two = (part: number) => String(part).padStart(2, "0");
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (date.toDateString() === new Date().toDateString()) return clock;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock}`;
}

/** The lock can succeed although nothing can be written: another user created the file, or the disk is full. */
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

/** The present holder of the lock; null if there is none, or it has not recorded itself (yet). */
export function findLockHolder(file: string): LockHolder | null {
  let db: DatabaseSync | undefined;
  try {
    // Reading fails while the lock is held, and itself blocks a locker only for this moment.
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

/** null if the holder has not recorded itself (yet). */
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
