import { sql } from "kysely";
import type { Trx } from "../database/database.ts";

/** Marks issues whose search entry must be rewritten. */
export async function noteDue(db: Trx, ids: readonly number[]): Promise<void> {
  for (const id of ids) {
    await sql`insert into search_due (issue_id) values (${id}) on conflict do nothing`.execute(db);
  }
}
