import { closeSync, openSync, readdirSync, readSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { isAlive } from "../server/running-server.ts";

/** The file that becomes a backup once it is complete. */
export function unfinished(file: string): string {
  return `${file}.${process.pid}.tmp`;
}

/** Removes an unfinished backup, and what SQLite keeps beside it. */
export function discard(unfinishedFile: string): void {
  for (const end of ["", "-wal", "-shm", "-journal"]) rmSync(unfinishedFile + end, { force: true });
}

/**
 * Removes what killed processes left of a backup of this name, or of any backup with a default name, next to it: each is as large as the mirror, and may
 * contain secrets. What another process is writing stays.
 */
export function removeLeftovers(file: string): void {
  for (const name of namesBeside(file)) {
    const [, own, pid] = /^(.+)\.(\d+)\.tmp$/.exec(name) ?? [];
    if (own === undefined || (own !== basename(file) && !/^panopticon-[\d-]+\.backup$/.test(own))) continue;
    const path = join(dirname(file), name);
    const isOthers = Number(pid) !== process.pid && isAlive(Number(pid));
    if (!isOthers && isBegunBackup(path) && !isBeingWritten(path)) discard(path);
  }
}

function namesBeside(file: string): readonly string[] {
  try {
    return readdirSync(dirname(file));
  } catch {
    // The attempt to write the backup says what is wrong with the folder.
    return [];
  }
}

/** Whether a file is a SQLite database, or empty, as before the first step. */
function isBegunBackup(path: string): boolean {
  const start = Buffer.alloc(16);
  try {
    const file = openSync(path, "r");
    try {
      const bytes = readSync(file, start);
      return bytes === 0 || start.toString("latin1") === "SQLite format 3\0";
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}

/** A process id says nothing of another container's processes; SQLite's lock does. */
function isBeingWritten(path: string): boolean {
  const db = new DatabaseSync(path, { timeout: 0 });
  try {
    db.exec("begin exclusive; rollback");
    return false;
  } catch (error) {
    const busy = 5;
    return error instanceof Error && "errcode" in error && error.errcode === busy;
  } finally {
    db.close();
  }
}
