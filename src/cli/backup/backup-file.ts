import { accessSync, constants, existsSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { Paths } from "../../config/config.ts";
import { PanopticonError } from "../../domain/error.ts";
import { readFailure } from "../../domain/file-error.ts";
import { isSealIntact } from "./seal.ts";

/** A configuration file inside a backup. */
export type KeptFile = { readonly name: string; readonly mode: number; readonly content: string };

export type BackupManifest = {
  readonly createdAt: string;
  /** The version of the program that made it. */
  readonly version: string;
  readonly files: readonly KeptFile[];
};

/** The files a backup may contain. `secret`: only on request. */
export const keptFiles: readonly {
  readonly name: string;
  readonly path: (paths: Paths) => string;
  readonly secret: boolean;
}[] = [
  { name: "projects.yaml", path: (paths) => paths.projectsFile, secret: false },
  { name: "config.yaml", path: (paths) => paths.configFile, secret: false },
  { name: ".panopticon.env", path: (paths) => paths.envFile, secret: true },
  { name: "webhooks.json", path: (paths) => paths.webhooksFile, secret: true },
];

/** 1 had no seal. */
const format = 2;

/** Adds the manifest and the files to the copy of the mirror's tables. */
export function writeManifest(db: DatabaseSync, { createdAt, version, files }: BackupManifest): void {
  db.exec(`
    begin immediate;
    drop table if exists backup_manifest;
    drop table if exists backup_file;
    create table backup_manifest (format integer not null, created_at text not null, version text not null);
    create table backup_file (name text primary key, mode integer not null, content text not null);
  `);
  db.prepare("insert into backup_manifest values (?, ?, ?)").run(format, createdAt, version);
  const insert = db.prepare("insert into backup_file values (?, ?, ?)");
  for (const { name, mode, content } of files) insert.run(name, mode, content);
  db.exec("commit");
}

/** Reads and checks a backup. Throws `not_found` if the file does not exist, `invalid_input` if it is not a backup, is damaged, or is from a newer version. */
export function readBackup(path: string): BackupManifest & { readonly isSealed: boolean } {
  if (!existsSync(path)) throw new PanopticonError("not_found", `File not found: ${path}.`);
  if (statSync(path).isDirectory())
    throw new PanopticonError("invalid_input", `${path} is a folder.`, {
      hint: "Name the file in it that pan backup wrote.",
    });
  checkReadable(path);
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { readOnly: true });
    const damage = db.prepare("pragma integrity_check(3)").all() as { integrity_check: string }[];
    const [first] = damage;
    if (damage.length !== 1 || first?.integrity_check !== "ok") throw damaged(path, first?.integrity_check);
    const manifest = db.prepare("select format, created_at, version from backup_manifest").get() as
      | { format: number; created_at: string; version: string }
      | undefined;
    if (manifest === undefined) throw damaged(path, "it does not describe itself");
    if (manifest.format > format) {
      throw new PanopticonError(
        "invalid_input",
        `${path} was made by a newer version of Panopticon (${manifest.version}).`,
        {
          hint: "Restore it with that version.",
        },
      );
    }
    const isSealed = manifest.format > 1;
    if (isSealed && !isSealIntact(path)) throw damaged(path, "its content does not match its checksum");
    const files = db.prepare("select name, mode, content from backup_file").all() as KeptFile[];
    return { createdAt: manifest.created_at, version: manifest.version, files, isSealed };
  } catch (error) {
    if (error instanceof PanopticonError) throw error;
    if (error instanceof Error && /no such table: backup_/.test(error.message)) {
      throw new PanopticonError("invalid_input", `${path} is not a Panopticon backup.`, {
        hint: "Create one with pan backup.",
        cause: error,
      });
    }
    throw damaged(path, error instanceof Error ? error.message : undefined, error);
  } finally {
    db?.close();
  }
}

function checkReadable(path: string): void {
  try {
    accessSync(path, constants.R_OK);
  } catch (cause) {
    throw new PanopticonError("invalid_input", `${path} cannot be read: ${readFailure(cause)}.`, {
      hint: "Make it readable for yourself. Nothing was changed.",
      cause,
    });
  }
}

function damaged(path: string, detail: string | undefined, cause?: unknown): PanopticonError {
  return new PanopticonError("invalid_input", `${path} cannot be used: ${detail ?? "it cannot be read"}.`, {
    hint: "It is damaged, or not a Panopticon backup. Nothing was changed.",
    cause,
  });
}
