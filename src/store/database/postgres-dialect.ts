import { sql } from "kysely";
import type { RawBuilder } from "kysely";
import type { BulkRow, BulkTable, Db, Dialect } from "./database.ts";
import { postgresSearch } from "./postgres-search.ts";

/** The PostgreSQL dialect. */
export const postgresDialect: Dialect = {
  kind: "postgres",
  insertMany: (trx, table, rows) => insertRows(trx, table, rows, sql``),
  insertOne: async (trx, insert) => {
    const { rows } = await sql<{ id: number }>`${insert} returning id`.execute(trx);
    if (rows[0] === undefined) throw new Error("an inserted row gives its id");
    return rows[0].id;
  },
  upsertMany: (trx, table, rows) => insertRows(trx, table, rows, onConflict(table)),
  list: (values) => {
    // An empty list has no type, and a declared one would have to be the column's.
    if (values.length === 0) return sql`(null)`;
    const type = typeof values[0] === "string" ? sql`text[]` : sql`bigint[]`;
    return sql`(select unnest(${values}::${type}))`;
  },
  search: postgresSearch(),
  topOfCells: (cells, inner) => sql`
    select o.id, o.urgency, o.updated_at, o.created_at, o.manual_rank
    from unnest(${cells.map((cell) => cell.source)}::bigint[], ${cells.map((cell) => cell.status)}::bigint[])
      as c (source_id, status)
    cross join lateral (${inner(sql`i.id, i.urgency, i.updated_at, i.created_at, i.manual_rank`)}) as o
    where true`,
};

/** One statement for any number of rows: each column is one array parameter. */
async function insertRows(
  trx: Db,
  table: BulkTable,
  rows: readonly BulkRow[],
  conflict: RawBuilder<unknown>,
): Promise<void> {
  if (rows.length === 0) return;
  const names = Object.keys(table.columns);
  const arrays = Object.values(table.columns).map((type, index) => {
    const values = rows.map((row) => row[index] ?? null);
    return sql`${values}::${sql.raw(type)}[]`;
  });
  await sql`
    insert into ${sql.table(table.name)} (${sql.join(names.map((name) => sql.ref(name)))})
    select * from unnest(${sql.join(arrays)})
    ${conflict}`.execute(trx);
}

/** Skips rows that are already equal. */
function onConflict(table: BulkTable): RawBuilder<unknown> {
  const key = sql.join(table.key.map((name) => sql.ref(name)));
  const rest = Object.keys(table.columns).filter((name) => !table.key.includes(name));
  if (rest.length === 0) return sql`on conflict (${key}) do nothing`;
  const sets = rest.map((name) => sql`${sql.ref(name)} = ${sql.ref(`excluded.${name}`)}`);
  const differs = rest.map(
    (name) => sql`${sql.ref(`${table.name}.${name}`)} is distinct from ${sql.ref(`excluded.${name}`)}`,
  );
  return sql`on conflict (${key}) do update set ${sql.join(sets)} where ${sql.join(differs, sql` or `)}`;
}
