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

/** In order, forward only; a database's version is how many of them it has seen. */
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
];

export const current = migrations.length;

/**
 * Brings a database up to this program's schema, in one transaction: every commit waits for the disk, and a new mirror sees all steps at once. Throws `unsupported`
 * for one that a newer version has written. `upTo` is an earlier version, for tests of the way from there; `onOlder` is called before an earlier version's is changed.
 */
export async function migrate(database: Database, upTo = current, onOlder?: () => void): Promise<void> {
  await database.write("user", async (db) => {
    await lockSchema(db, database.kind);
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
 * One cheap read: is this database one that this program can read? Throws `not_found` for one without tables, `OlderMirrorError` for an earlier version's,
 * `unsupported` for a newer one's.
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

/** A database that was only just made, or that its maker could not finish. */
function isWithoutTables(error: unknown): boolean {
  const cause = error instanceof PanopticonError ? error.cause : error;
  if (!(cause instanceof Error)) return false;
  // PostgreSQL's undefined_table; SQLite has no code of its own for it.
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

async function lockSchema(db: Trx, kind: Database["kind"]): Promise<void> {
  // Two servers that start at once on one PostgreSQL must not both create the tables; SQLite has one writer anyway.
  if (kind === "postgres") await sql`select pg_advisory_xact_lock(7261)`.execute(db);
}
