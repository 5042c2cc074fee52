import { sql } from "kysely";
import type { Trx } from "../database/database.ts";

/** Warnings of a source that do not stop its sync, apart from the error that does. */
export async function keepSourceWarnings(db: Trx): Promise<void> {
  await sql`alter table source add column warnings text`.execute(db);
}
