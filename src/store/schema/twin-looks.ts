import { sql } from "kysely";
import type { Database, Trx } from "../database/database.ts";

/** Creations sent again after a lost answer are searched for twins later, also by the next process. */
export async function planTwinLooks(db: Trx, kind: Database["kind"]): Promise<void> {
  const statements = [
    `alter table operation add column look_again_at ${kind === "sqlite" ? "integer" : "bigint"}`,
    `create index operation_to_look_at on operation (connection_id, look_again_at) where look_again_at is not null`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
