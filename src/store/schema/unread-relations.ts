import { sql } from "kysely";
import type { Database, Trx } from "../database/database.ts";

/** Issues that the tracker says are blocked without saying by what: what reads them one by one works through this. */
export async function rememberUnreadRelations(db: Trx, kind: Database["kind"]): Promise<void> {
  const key = kind === "sqlite" ? "integer primary key" : "bigint primary key";
  await sql.raw(`create table unread_relation (issue_id ${key} references issue(id) on delete cascade)`).execute(db);
}
