import { chmodSync, closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import { constants } from "node:os";
import { backup, DatabaseSync } from "node:sqlite";
import { readDatabaseUrl } from "../../config/database-url.ts";
import { fileErrorCode } from "../../domain/file-error.ts";
import { PanopticonError } from "../../domain/error.ts";
import { trackers } from "../../trackers/registry.ts";
import type { Context } from "../context.ts";
import { loadConfig } from "../load-config.ts";
import { seal } from "./seal.ts";
import { discard, removeLeftovers, unfinished } from "./leftovers.ts";
import { type KeptFile, keptFiles, writeManifest } from "./backup-file.ts";

/** Ctrl-C, a closed terminal, a service manager. */
const ends = ["SIGINT", "SIGHUP", "SIGTERM"] as const;

/** Error codes of a place where this user cannot create files. */
const mayNotBeThere = ["ENOENT", "ENOTDIR", "EACCES", "EPERM", "EROFS"];

export type BackupResult = {
  readonly file: string;
  readonly bytes: number;
  readonly files: readonly string[];
  /** What was left out because it contains secrets. */
  readonly without: readonly string[];
};

/**
 * Copies the whole mirror (including outbox, undo, workspaces and views) as a consistent snapshot, even while a server runs, and the configuration files into
 * one file of mode 0600. Throws `conflict` if the file exists, `unsupported` with PostgreSQL, `not_found` if there is no mirror yet.
 */
export async function makeBackup(context: Context, file: string, secrets: boolean): Promise<BackupResult> {
  const { paths, env, clock, version } = context;
  if ((await readDatabaseUrl(paths, env)) !== null) throw withPostgres();
  if (!existsSync(paths.databaseFile)) {
    throw new PanopticonError("not_found", "There is nothing to back up: no mirror exists yet.", {
      hint: "Run pan up or pan sync to create it.",
    });
  }
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw new PanopticonError("invalid_input", `${file} is a folder.`, { hint: "Name a file in it." });
  }
  if (existsSync(file)) {
    throw new PanopticonError("conflict", `${file} already exists.`, {
      hint: "Choose another name, or move that file.",
    });
  }
  const { kept, without } = await readFiles(context, secrets);
  removeLeftovers(file);
  const neighbour = unfinished(file);
  const interrupted = (signal: NodeJS.Signals) => {
    discard(neighbour);
    context.out.note("Interrupted; no backup was written.");
    process.exit(128 + constants.signals[signal]);
  };
  // Before the file exists: a signal just after would leave it there.
  for (const signal of ends) process.once(signal, interrupted);
  try {
    createEmpty(neighbour);
    const source = new DatabaseSync(paths.databaseFile, { readOnly: true, timeout: 5000 });
    try {
      await backup(source, neighbour);
    } finally {
      source.close();
    }
    const copy = new DatabaseSync(neighbour);
    try {
      // A single file, without a log next to it.
      copy.exec("pragma journal_mode = delete");
      writeManifest(copy, { createdAt: new Date(clock.now()).toISOString(), version, files: kept });
    } finally {
      copy.close();
    }
    chmodSync(neighbour, 0o600);
    seal(neighbour);
    flush(neighbour);
    renameSync(neighbour, file);
  } catch (error) {
    if (existsSync(neighbour)) discard(neighbour);
    throw toWriteError(file, error);
  } finally {
    for (const signal of ends) process.off(signal, interrupted);
  }
  return { file, bytes: statSync(file).size, files: kept.map(({ name }) => name), without };
}

function createEmpty(path: string): void {
  closeSync(openSync(path, "wx", 0o600));
}

function toWriteError(file: string, error: unknown): unknown {
  if (isDiskFull(error)) {
    return new PanopticonError("internal", `${file} cannot be written: the disk is full.`, {
      hint: "Free up space, or choose another place.",
      cause: error,
    });
  }
  if (!mayNotBeThere.includes(fileErrorCode(error) ?? "")) return error;
  return new PanopticonError("invalid_input", `${file} cannot be written.`, {
    hint: "Check that its folder exists and that you can write to it.",
    cause: error,
  });
}

/** For the system, and for SQLite (SQLITE_FULL). */
function isDiskFull(error: unknown): boolean {
  const full = 13;
  return fileErrorCode(error) === "ENOSPC" || (error instanceof Error && "errcode" in error && error.errcode === full);
}

async function readFiles(context: Context, secrets: boolean): Promise<{ kept: KeptFile[]; without: string[] }> {
  const holdsSecrets = secrets ? false : await hasSecretsInConfig(context);
  const kept: KeptFile[] = [];
  const without: string[] = [];
  for (const { name, path, secret } of keptFiles) {
    const place = path(context.paths);
    if (!existsSync(place)) continue;
    if (!secrets && (secret || (holdsSecrets && place === context.paths.configFile))) without.push(name);
    else kept.push({ name, mode: statSync(place).mode & 0o777, content: readFileSync(place, "utf8") });
  }
  return { kept, without };
}

/** Keys may be in config.yaml itself instead of the environment. */
async function hasSecretsInConfig(context: Context): Promise<boolean> {
  const { connections, databaseUrl } = await loadConfig(context, "none");
  if (databaseUrl !== null) return true;
  return connections.some(({ tracker, origins }) =>
    trackers.some(
      ({ id, credentialFields }) =>
        id === tracker && credentialFields.some(({ name, secret }) => secret && origins[name]?.kind === "config"),
    ),
  );
}

function flush(path: string): void {
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** `unsupported`, with how to back up and restore PostgreSQL itself. */
export function withPostgres(): PanopticonError {
  return new PanopticonError("unsupported", "The mirror is in PostgreSQL, which makes its own backups.", {
    hint: 'pg_dump --format=custom --file=panopticon.dump "$DATABASE_URL" writes one while the server runs; with the server stopped, pg_restore --clean --if-exists --dbname="$DATABASE_URL" panopticon.dump restores it. Also copy projects.yaml and config.yaml.',
  });
}
