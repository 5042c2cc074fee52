import { sql } from "kysely";
import type { Database, Trx } from "../database/database.ts";

/** Issues whose search entry must be rewritten, which a user's change does not wait for. */
export async function createSearchDue(db: Trx, kind: Database["kind"]): Promise<void> {
  const key = kind === "sqlite" ? "integer primary key" : "bigint primary key";
  await sql.raw(`create table search_due (issue_id ${key} references issue(id) on delete cascade)`).execute(db);
}
