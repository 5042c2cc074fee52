import { sql } from "kysely";
import type { Database, Trx } from "../database/database.ts";

/** Issues whose blockers the tracker counts but does not name; they are queued here to be read individually. */
export async function rememberUnreadRelations(db: Trx, kind: Database["kind"]): Promise<void> {
  const key = kind === "sqlite" ? "integer primary key" : "bigint primary key";
  await sql.raw(`create table unread_relation (issue_id ${key} references issue(id) on delete cascade)`).execute(db);
}
