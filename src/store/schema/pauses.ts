import { sql } from "kysely";
import type { Trx } from "../database/database.ts";

/** Stores the rate limit of a connection across restarts. */
export async function keepPauses(db: Trx): Promise<void> {
  await sql.raw("alter table connection add column pause text").execute(db);
}
