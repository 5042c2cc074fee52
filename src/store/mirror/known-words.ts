import { type RawBuilder, sql } from "kysely";
import type { Trx } from "../database/database.ts";
import { remember } from "../database/memory.ts";
import type { Word, Words, WordTable } from "./words.ts";

export type UsedWords = { readonly [Table in WordTable]: ReadonlySet<string> };

const tables = ["state", "label", "cycle", "native_priority", "person"] as const;

const selects: Readonly<Record<WordTable, RawBuilder<unknown>>> = {
  state: sql`select 'state' as word, id, native_id, name from state`,
  label: sql`select 'label' as word, id, native_id, name from label`,
  cycle: sql`select 'cycle' as word, id, native_id, name from cycle`,
  native_priority: sql`select 'native_priority' as word, id, native_id, name from native_priority`,
  person: sql`select 'person' as word, id, native_id, name from person`,
};

/**
 * The words that issues refer to, and ones looked up before, with one query for unknown ones; null if one of them is missing.
 * Nothing was named, so nothing is renamed.
 */
export async function findKnownWords(
  db: Trx,
  scope: { readonly id: number; readonly connectionId: number },
  used: UsedWords,
): Promise<Words | null> {
  const known = await remember(db, "word", `${scope.connectionId} ${scope.id}`, async () => emptyWords());
  const queries = tables.flatMap((table) => {
    const missing = [...used[table]].filter((nativeId) => !known[table].has(nativeId));
    const scopeId = table === "person" ? scope.connectionId : scope.id;
    return missing.length === 0
      ? []
      : [sql`${selects[table]} where scope_id = ${scopeId} and native_id in ${db.dialect.list(missing)}`];
  });
  if (queries.length > 0) {
    const { rows } = await sql<{ word: WordTable; id: number; native_id: string; name: string }>`
      ${sql.join(queries, sql` union all `)}`.execute(db);
    for (const { word, id, native_id, name } of rows) known[word].set(native_id, { id, name });
  }
  if (tables.some((table) => [...used[table]].some((nativeId) => !known[table].has(nativeId)))) return null;
  return {
    ...known,
    renamed: { state: [], label: [], cycle: [], native_priority: [], person: [] },
    renamedIssues: [],
    unknown: false,
  };
}

function emptyWords(): { readonly [Table in WordTable]: Map<string, Word> } {
  return { state: new Map(), label: new Map(), cycle: new Map(), native_priority: new Map(), person: new Map() };
}
