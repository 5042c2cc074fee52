import { sql } from "kysely";
import type { Trx } from "../database/database.ts";

/** A connection's limit outlives the process that met it. */
export async function keepPauses(db: Trx): Promise<void> {
  await sql.raw("alter table connection add column pause text").execute(db);
}
