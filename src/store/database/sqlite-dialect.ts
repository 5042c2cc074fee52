import type { SQLInputValue } from "node:sqlite";
import { sql } from "kysely";
import type { BulkRow, BulkTable, Dialect } from "./database.ts";
import { sqliteSearch } from "./sqlite-search.ts";
import type { SqliteHandle } from "./sqlite-statements.ts";

/** The SQLite dialect. `writing`: the connection that `write` holds while its work runs; null if nothing is written. */
export function sqliteDialect(writing: SqliteHandle | null): Dialect {
  const held = (): SqliteHandle => {
    if (!writing?.db.isTransaction) throw new Error("bulk writes belong into a write transaction");
    return writing;
  };
  const runMany = (text: string, rows: readonly BulkRow[]) => {
    if (rows.length === 0) return;
    const { prepare, changed } = held();
    const { statement, changes } = prepare(text);
    for (const kind of changes) changed.add(kind);
    for (const row of rows) statement.run(...(row as SQLInputValue[]));
  };
  return {
    kind: "sqlite",
    insertMany: async (_db, table, rows) => runMany(textsOf(table).insert, rows),
    upsertMany: async (_db, table, rows, unsettled = rows) => {
      const { settle, upsert } = textsOf(table);
      if (settle !== null) runMany(settle, unsettled);
      runMany(upsert, rows);
    },
    // Without "returning", for which SQLite uses an ephemeral table.
    insertOne: async (db, insert) => Number((await insert.execute(db)).insertId),
    list: (values) => {
      const [first, second, third] = values;
      switch (values.length) {
        case 1:
          return sql`(${first})`;
        case 2:
          return sql`(${first}, ${second})`;
        case 3:
          return sql`(${first}, ${second}, ${third})`;
        default:
          return sql`(select value from json_each(${JSON.stringify(values)}))`;
      }
    },
    search: sqliteSearch(held),
    topOfCells: (cells, inner) => {
      const list = JSON.stringify(cells.map(({ source, status }) => [source, status]));
      return sql`
        select o.id, o.urgency, o.updated_at, o.created_at, o.manual_rank
        from (select value ->> 0 as source_id, value ->> 1 as status from json_each(${list})) as c
        cross join issue as o on o.id in (${inner(sql`i.id`)})`;
    },
  };
}

type BulkTexts = { readonly insert: string; readonly upsert: string; readonly settle: string | null };

const bulkTexts = new WeakMap<BulkTable, BulkTexts>();

/** The bulk statements of a table, built once. */
function textsOf(table: BulkTable): BulkTexts {
  let texts = bulkTexts.get(table);
  if (texts === undefined) {
    const { settled } = table;
    const settle = settled === undefined ? null : settledText(table, settled);
    bulkTexts.set(table, (texts = { insert: insertText(table), upsert: upsertText(table), settle }));
  }
  return texts;
}

function insertText(table: BulkTable): string {
  const columns = Object.keys(table.columns);
  return `insert into ${table.name} (${columns.join(", ")}) values (${columns.map(() => "?").join(", ")})`;
}

/** Skips rows that are already equal: writing them would rewrite their indexes too. */
function upsertText(table: BulkTable): string {
  const apart = [...table.key, ...(table.settled ?? [])];
  const rest = Object.keys(table.columns).filter((column) => !apart.includes(column));
  const sets = rest.map((column) => `${column} = excluded.${column}`).join(", ");
  const differs = rest.map((column) => `${table.name}.${column} is not excluded.${column}`).join(" or ");
  const action = rest.length === 0 ? "nothing" : `update set ${sets} where ${differs}`;
  return `${insertText(table)} on conflict (${table.key.join(", ")}) do ${action}`;
}

/** Updates the settled columns of existing rows that differ in them. Takes the same values as the insert, by position. */
function settledText(table: BulkTable, settled: readonly string[]): string {
  const place = (column: string) => `?${Object.keys(table.columns).indexOf(column) + 1}`;
  const sets = settled.map((column) => `${column} = ${place(column)}`).join(", ");
  const fits = table.key.map((column) => `${column} = ${place(column)}`).join(" and ");
  const differs = settled.map((column) => `${column} is not ${place(column)}`).join(" or ");
  // Every value must be bound, even unused ones.
  const last = Object.keys(table.columns).length;
  return `update ${table.name} set ${sets} where ${fits} and (${differs}) and (?${last} is null or true)`;
}
