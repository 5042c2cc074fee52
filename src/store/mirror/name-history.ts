import { sql } from "kysely";
import type { Trx } from "../database/database.ts";
import type { WordTable } from "./words.ts";

/** The history's fields that name words of a table. */
const fieldOf: Partial<Record<WordTable, string>> = { label: "labels", cycle: "cycle", person: "assignee" };

/** Unknown words are asked for at once; a tracker that is away may keep their names back for some time. */
const sinceMs = 24 * 3_600_000;

/**
 * Puts names into the history where a change in the tracker was seen before the name of what it sets, such as a label that was new. `names`: by native id.
 */
export async function nameInHistory(db: Trx, table: WordTable, names: ReadonlyMap<string, string>): Promise<void> {
  const field = fieldOf[table];
  if (field === undefined || names.size === 0) return;
  const { rows } = await sql<{ id: number; from_value: string | null; to_value: string | null }>`
    select id, from_value, to_value from history
    where at >= ${db.clock.now() - sinceMs} and actor = 'tracker' and field = ${field}`.execute(db);
  const named = (list: string | null) =>
    list
      ?.split(", ")
      .map((part) => names.get(part) ?? part)
      .join(", ") ?? null;
  for (const { id, from_value, to_value } of rows) {
    const [from, to] = [named(from_value), named(to_value)];
    if (from === from_value && to === to_value) continue;
    await sql`update history set from_value = ${from}, to_value = ${to} where id = ${id}`.execute(db);
  }
}
