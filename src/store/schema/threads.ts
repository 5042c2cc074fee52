import { sql } from "kysely";
import type { Trx } from "../database/database.ts";

/** The thread of a comment, so that a deleted reply is sent again to the same thread. */
export async function keepThreads(db: Trx): Promise<void> {
  await sql`alter table comment add column reply_to text`.execute(db);
}
