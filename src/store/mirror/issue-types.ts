import { sql } from "kysely";
import type { Database, Trx } from "../database/database.ts";
import { foldRef } from "./ref.ts";

/** Ids of type names, making those that are not there yet. */
export async function saveTypes(
  database: Database,
  db: Trx,
  names: Iterable<string>,
): Promise<ReadonlyMap<string, number>> {
  const wanted = [...new Set(names)];
  if (wanted.length === 0) return new Map();
  const { rows } = await sql<{ id: number; name: string }>`
    select id, name from issue_type where name in ${database.list(wanted)}`.execute(db);
  const ids = new Map(rows.map((row) => [row.name, row.id]));
  for (const name of wanted) {
    if (ids.has(name)) continue;
    const { id } = await db
      .insertInto("issue_type")
      .values({ name, name_folded: foldRef(name) })
      .onConflict((conflict) => conflict.column("name").doUpdateSet({ name }))
      .returning("id")
      .executeTakeFirstOrThrow();
    ids.set(name, id);
  }
  return ids;
}
