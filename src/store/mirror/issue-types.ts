import { sql } from "kysely";
import type { Trx } from "../database/database.ts";
import { remember } from "../database/memory.ts";
import { foldRef } from "./ref.ts";

/** Returns the ids of type names, adding missing ones. */
export async function saveTypes(db: Trx, names: Iterable<string>): Promise<ReadonlyMap<string, number>> {
  const ids = await remember(db, "word", "types", async () => new Map<string, number>());
  const wanted = [...new Set(names)].filter((name) => !ids.has(name));
  if (wanted.length === 0) return ids;
  const { rows } = await sql<{ id: number; name: string }>`
    select id, name from issue_type where name in ${db.dialect.list(wanted)}`.execute(db);
  for (const { id, name } of rows) ids.set(name, id);
  const missing = wanted.filter((name) => !ids.has(name));
  if (missing.length === 0) return ids;
  // Rows of this transaction are invisible to others until it commits, so do not add them to the shared map.
  const own = new Map(ids);
  for (const name of missing) {
    const { id } = await db
      .insertInto("issue_type")
      .values({ name, name_folded: foldRef(name) })
      .onConflict((conflict) => conflict.column("name").doUpdateSet({ name }))
      .returning("id")
      .executeTakeFirstOrThrow();
    own.set(name, id);
  }
  return own;
}
