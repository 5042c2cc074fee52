import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, statSync, truncateSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { makeDataDirectory } from "../../config/data-directory.ts";
import { writeFileAtomically } from "../../config/atomic-file.ts";
import { readDatabaseUrl } from "../../config/database-url.ts";
import { systemClock } from "../../domain/clock.ts";
import { PanopticonError } from "../../domain/error.ts";
import { acquireLock } from "../../store/lock.ts";
import { openStore } from "../../store/open-store.ts";
import type { Context } from "../context.ts";
import { keptFiles, readBackup } from "./backup-file.ts";
import { sealBytes } from "./seal.ts";
import { withPostgres } from "./make-backup.ts";

export type RestoreResult = {
  readonly createdAt: string;
  readonly files: readonly string[];
  /** Where the replaced files were kept. */
  readonly keptAt: readonly string[];
  /** Changes that were pending when the backup was made. */
  readonly unsent: number;
};

/**
 * Restores a backup: the mirror, and the configuration files it contains. Replaced files are kept next to the new ones. Throws, changing nothing, `busy` while
 * a server runs, `conflict` if something would be replaced without `force`, `invalid_input` if the file is unusable.
 */
export async function restoreBackup(context: Context, file: string, force: boolean): Promise<RestoreResult> {
  const { paths, env, clock } = context;
  if ((await readDatabaseUrl(paths, env)) !== null) throw withPostgres();
  const manifest = readBackup(file);
  makeDataDirectory(paths.home);
  const lock = await acquireLock({ databaseUrl: null, file: paths.lockFile });
  try {
    const targets = manifest.files.flatMap(({ name, content, mode }) => {
      const known = keptFiles.find((one) => one.name === name);
      return known === undefined ? [] : [{ name, content, mode, path: known.path(paths) }];
    });
    const changed = targets.filter(({ path, content }) => existsSync(path) && readFileSync(path, "utf8") !== content);
    const replaced = [
      ...(existsSync(paths.databaseFile) ? [paths.databaseFile] : []),
      ...changed.map(({ path }) => path),
    ];
    if (replaced.length > 0 && !force) {
      throw new PanopticonError("conflict", `This would replace ${replaced.join(", ")}.`, {
        hint: "Use --force to replace it; the present files are kept next to it.",
      });
    }
    const next = `${paths.databaseFile}.restoring`;
    const unsent = await prepareMirror(file, next, manifest.isSealed);
    const suffix = `.before-${new Date(clock.now()).toISOString().replace(/[:.]/g, "-")}`;
    const keptAt = replaced.map((path) => path + suffix);
    if (existsSync(paths.databaseFile)) settleLog(paths.databaseFile);
    for (const path of replaced) renameSync(path, path + suffix);
    for (const end of logs) {
      if (existsSync(paths.databaseFile + end)) renameSync(paths.databaseFile + end, paths.databaseFile + suffix + end);
    }
    renameSync(next, paths.databaseFile);
    for (const { path, content, mode } of targets) {
      if (!existsSync(path)) writeFileAtomically(path, content, mode);
    }
    return { createdAt: manifest.createdAt, files: targets.map(({ name }) => name), keptAt, unsent };
  } finally {
    await lock.release();
  }
}

/**
 * The mirror to put in place, upgraded to this version and checked. The outcome of changes pending at the time is unknown, so they count as sent with the
 * answer lost: each is looked up in its tracker before it is sent.
 */
async function prepareMirror(file: string, next: string, isSealed: boolean): Promise<number> {
  removeLog(next);
  rmSync(next, { force: true });
  copyFileSync(file, next);
  if (isSealed) truncateSync(next, statSync(next).size - sealBytes);
  try {
    const store = await openStore({ databaseUrl: null, file: next, clock: systemClock });
    try {
      const findings = await store.check();
      if (findings.length > 0) {
        throw new PanopticonError("invalid_input", `${file} is damaged: ${findings[0]}.`, {
          hint: "Nothing was changed.",
        });
      }
    } finally {
      await store.close();
    }
    const db = new DatabaseSync(next);
    try {
      db.exec("drop table if exists backup_manifest; drop table if exists backup_file;");
      const open = "settled_at is null and state in ('queued', 'waiting', 'sending', 'unknown')";
      const { changes } = db
        .prepare(
          `update operation set state = 'unknown', attempts = max(attempts, 1),
             first_sent_at = coalesce(first_sent_at, created_at), next_attempt_at = null
           where ${open}`,
        )
        .run();
      db.exec("pragma wal_checkpoint(truncate)");
      return Number(changes);
    } finally {
      db.close();
      removeLog(next);
    }
  } catch (error) {
    removeLog(next);
    rmSync(next, { force: true });
    throw error;
  }
}

/** Checkpoints the write-ahead log, so that the file alone is complete. */
function settleLog(path: string): void {
  const db = new DatabaseSync(path);
  try {
    db.exec("pragma wal_checkpoint(truncate); pragma journal_mode = delete");
  } catch (error) {
    // Perhaps the backup is restored because the mirror is damaged: keep it as it is, with its log.
    if (!(error instanceof Error && "errcode" in error)) throw error;
  } finally {
    db.close();
  }
}

const logs = ["-wal", "-shm"] as const;

function removeLog(path: string): void {
  for (const end of logs) rmSync(path + end, { force: true });
}
