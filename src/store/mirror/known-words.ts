import { type RawBuilder, sql } from "kysely";
import type { Database, Trx } from "../database/database.ts";
import type { Word, Words, WordTable } from "./vocabulary.ts";

export type UsedWords = { readonly [Table in WordTable]: ReadonlySet<string> };

/** The words that issues refer to, in one query; null when one of them is not there yet. Nothing was named, so nothing is renamed. */
export async function findKnownWords(
  database: Database,
  db: Trx,
  scope: { readonly id: number; readonly connectionId: number },
  used: UsedWords,
): Promise<Words | null> {
  const of = (table: WordTable, select: RawBuilder<unknown>) =>
    used[table].size === 0
      ? []
      : [
          sql`${select} where scope_id = ${table === "person" ? scope.connectionId : scope.id}
            and native_id in ${database.list([...used[table]])}`,
        ];
  const selects = [
    ...of("state", sql`select 'state' as word, id, native_id, name from state`),
    ...of("label", sql`select 'label' as word, id, native_id, name from label`),
    ...of("cycle", sql`select 'cycle' as word, id, native_id, name from cycle`),
    ...of("native_priority", sql`select 'native_priority' as word, id, native_id, name from native_priority`),
    ...of("person", sql`select 'person' as word, id, native_id, name from person`),
  ];
  const words = {
    state: new Map<string, Word>(),
    label: new Map<string, Word>(),
    cycle: new Map<string, Word>(),
    native_priority: new Map<string, Word>(),
    person: new Map<string, Word>(),
  };
  if (selects.length > 0) {
    const { rows } = await sql<{ word: WordTable; id: number; native_id: string; name: string }>`
      ${sql.join(selects, sql` union all `)}`.execute(db);
    for (const { word, id, native_id, name } of rows) words[word].set(native_id, { id, name });
  }
  const tables = ["state", "label", "cycle", "native_priority", "person"] as const;
  if (tables.some((table) => words[table].size < used[table].size)) return null;
  return {
    ...words,
    renamed: { state: [], label: [], cycle: [], native_priority: [], person: [] },
    renamedIssues: [],
    unknown: false,
  };
}
