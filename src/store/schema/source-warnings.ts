import { sql } from "kysely";
import type { Trx } from "../database/database.ts";

/** What is odd about a source without stopping its sync, apart from what does. */
export async function keepSourceWarnings(db: Trx): Promise<void> {
  await sql`alter table source add column warnings text`.execute(db);
}
