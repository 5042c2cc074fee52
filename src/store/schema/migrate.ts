import { sql } from "kysely";
import { PanopticonError } from "../../domain/error.ts";
import type { Database, Trx } from "../database/database.ts";
import { noteEmojiDue } from "./emoji-due.ts";
import { keepFewerIndexes } from "./fewer-indexes.ts";
import { createFirstSchema } from "./first-schema.ts";
import { createLinks } from "./links.ts";
import { markTitles } from "./mark-titles.ts";
import { createNamedIssues } from "./named-issues.ts";
import { keepGoneSources } from "./gone-sources.ts";
import { OlderMirrorError } from "./older-mirror.ts";
import { indexOpenRelations } from "./open-relations.ts";
import { createOutbox } from "./outbox.ts";
import { keepPauses } from "./pauses.ts";
import { planTwinLooks } from "./twin-looks.ts";
import { keepSourceWarnings } from "./source-warnings.ts";
import { createRanks } from "./ranks.ts";
import { createSearchDue } from "./search-due.ts";
import { keepThreads } from "./threads.ts";
import { createUndo } from "./undo.ts";
import { rememberUnreadRelations } from "./unread-relations.ts";
import { createWork } from "./work.ts";

type Migration = (db: Trx, kind: Database["kind"]) => Promise<void>;

/** In order, forward only; a database's version is the number of migrations applied. */
const migrations: readonly Migration[] = [
  createFirstSchema,
  rememberUnreadRelations,
  createOutbox,
  createUndo,
  createLinks,
  createWork,
  markTitles,
  createNamedIssues,
  keepPauses,
  planTwinLooks,
  keepSourceWarnings,
  createSearchDue,
  createRanks,
  keepGoneSources,
  noteEmojiDue,
  keepFewerIndexes,
  keepThreads,
  indexOpenRelations,
];

export const current = migrations.length;

/**
 * Migrates a database to this program's schema, in one transaction: every commit waits for the disk, and a new mirror applies all steps at once. Throws
 * `unsupported` for a database written by a newer version. `upTo` stops at an earlier version, to test upgrades from there; `onOlder` is called before an
 * earlier version's database is changed.
 */
export async function migrate(database: Database, upTo = current, onOlder?: () => void): Promise<void> {
  await database.write("user", async (db) => {
    await sql`create table if not exists schema_version (version integer not null)`.execute(db);
    const found = await readVersion(db);
    refuseNewer(found);
    if (found >= upTo) return;
    if (found > 0) onOlder?.();
    for (const bringOn of migrations.slice(found, upTo)) await bringOn(db, database.kind);
    await sql`delete from schema_version`.execute(db);
    await sql`insert into schema_version (version) values (${upTo})`.execute(db);
  });
}

/**
 * Checks with one cheap read that this program can read the database. Throws `not_found` if it has no tables, `OlderMirrorError` for an earlier version,
 * `unsupported` for a newer one.
 */
export async function checkVersion(database: Database): Promise<void> {
  const found = await database.read(readVersion).catch((error: unknown) => {
    if (isWithoutTables(error)) return 0;
    throw error;
  });
  refuseNewer(found);
  if (found === 0) {
    throw new PanopticonError("not_found", "Nothing is mirrored yet: the mirror is empty.", {
      hint: "Run pan up or pan sync.",
    });
  }
  if (found < current) throw new OlderMirrorError();
}

/** Whether the database was only just created, or its creation did not finish. */
function isWithoutTables(error: unknown): boolean {
  const cause = error instanceof PanopticonError ? error.cause : error;
  if (!(cause instanceof Error)) return false;
  // PostgreSQL's undefined_table; SQLite has no code for it.
  return ("code" in cause && cause.code === "42P01") || /no such table: schema_version/.test(cause.message);
}

async function readVersion(db: Trx): Promise<number> {
  const { rows } = await sql<{ version: number }>`select version from schema_version`.execute(db);
  return rows[0]?.version ?? 0;
}

function refuseNewer(found: number): void {
  if (found <= current) return;
  throw new PanopticonError(
    "unsupported",
    `The mirror was written by a newer version of Panopticon (its schema is ${found}, this version knows ${current}).`,
    { hint: "Install the newer version again, or point DATABASE_URL or PANOPTICON_HOME to another place." },
  );
}
