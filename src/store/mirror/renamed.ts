import { sql } from "kysely";
import type { Trx } from "../database/database.ts";
import type { SourceRecord } from "../sources/source-record.ts";
import type { Words } from "./words.ts";

/** Issues whose cards show a renamed word. */
export type Renamed = { readonly refs: readonly string[]; readonly relabelled: readonly number[] };

/** Finds these issues; `relabelled` are those with renamed labels, whose status or priority may change. */
export async function findRenamed(
  db: Trx,
  source: SourceRecord,
  { renamed, renamedIssues }: Pick<Words, "renamed" | "renamedIssues">,
): Promise<Renamed> {
  const ids = new Set<number>();
  const relabelled: number[] = [];
  const add = (rows: readonly { id: number }[]) => {
    for (const row of rows) ids.add(row.id);
  };
  if (renamed.label.length > 0) {
    const { rows } = await sql<{ id: number }>`
      select distinct issue_id as id from issue_label where label_id in ${db.dialect.list(renamed.label)}`.execute(db);
    add(rows);
    relabelled.push(...rows.map((row) => row.id));
  }
  if (renamed.person.length > 0) {
    const { rows } = await sql<{ id: number }>`
      select issue_id as id from issue_assignee where person_id in ${db.dialect.list(renamed.person)}
      union
      select id from issue where author_id in ${db.dialect.list(renamed.person)}`.execute(db);
    add(rows);
  }
  if (renamedIssues.length > 0) {
    // A mirrored issue is shown with its own data instead.
    const handles = renamedIssues.map((id) => `i:${id}`);
    const { rows } = await sql<{ id: number }>`
      select child.issue_id as id
      from card child
      left join card parent on parent.native_id = substr(child.parent, 3) and parent.connection_id = child.connection_id
      where child.parent in ${db.dialect.list(handles)} and child.connection_id = ${source.connectionId}
        and parent.issue_id is null`.execute(db);
    add(rows);
  }
  for (const [table, column] of [
    ["state", "state_id"],
    ["cycle", "cycle_id"],
    ["native_priority", "native_priority_id"],
  ] as const) {
    if (renamed[table].length === 0) continue;
    const { rows } = await sql<{ id: number }>`
      select id from issue
      where source_id = ${source.id} and ${sql.ref(column)} in ${db.dialect.list(renamed[table])}`.execute(db);
    add(rows);
  }
  return { refs: await findRefs(db, [...ids]), relabelled };
}

/** The refs of these issues, in no particular order. */
export async function findRefs(db: Trx, ids: readonly number[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<{ ref: string }>`
    select ref from card where issue_id in ${db.dialect.list(ids)}`.execute(db);
  return rows.map((row) => row.ref);
}
