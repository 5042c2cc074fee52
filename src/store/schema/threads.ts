import { sql } from "kysely";
import type { Trx } from "../database/database.ts";

/** In whose thread a comment is: what is sent anew after it was deleted goes there again. */
export async function keepThreads(db: Trx): Promise<void> {
  await sql`alter table comment add column reply_to text`.execute(db);
}
