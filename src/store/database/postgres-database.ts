import { CompiledQuery, Kysely, PostgresDialect, sql } from "kysely";
import type { RawBuilder } from "kysely";
import { PanopticonError } from "../../domain/error.ts";
import type { Tables } from "../schema/tables.ts";
import type { Clock } from "../../domain/clock.ts";
import type { FindRefs } from "../../domain/mention.ts";
import type { BulkRow, BulkTable, Database, Db, Dialect } from "./database.ts";
import { checkCounts } from "./check-counts.ts";
import { createHits, postgresSearch } from "./postgres-search.ts";
import { postgresPlace } from "./postgres-place.ts";
import { toStoreError } from "./store-error.ts";

export type PostgresOptions = {
  readonly url: string;
  readonly readOnly: boolean;
  readonly findRefs: FindRefs;
  readonly clock: Clock;
};

/** Object identifier of `bigint`, which the driver would give as text; ours all fit a number. */
const bigint = 20;
const mostTries = 4;

/** PostgreSQL through `pg`, which is loaded only here. */
export async function openPostgres({ url, readOnly, findRefs, clock }: PostgresOptions): Promise<Database> {
  const { default: pg } = await import("pg");
  const where = postgresPlace(url);
  const failure = (error: unknown) => toStoreError(error, where);
  const pool = new pg.Pool({
    connectionString: url,
    max: 6,
    application_name: "panopticon",
    connectionTimeoutMillis: 10_000,
    types: {
      getTypeParser: (oid: number, format?: "text" | "binary") =>
        oid === bigint && format !== "binary" ? Number : pg.types.getTypeParser(oid, format),
    },
  });
  // A connection that breaks while idle is replaced at the next query, which reports trouble that lasts; one that breaks in use fails its query, and says so besides.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  const dialect = new PostgresDialect({
    pool,
    onCreateConnection: async (connection) => {
      await connection.executeQuery(CompiledQuery.raw(createHits));
    },
  });
  const db = new Kysely<Tables>({ dialect });

  const means = { dialect: postgresDialect, findRefs, clock };
  const read: Database["read"] = (work) =>
    db
      .transaction()
      .setIsolationLevel("repeatable read")
      .setAccessMode("read only")
      .execute((transaction) => work(Object.assign(transaction, means)))
      .catch(rethrow(failure));

  return {
    kind: "postgres",
    read,
    peek: read,
    write: async (durability, work) => {
      if (readOnly) throw new PanopticonError("internal", `The mirror ${where} was opened for reading only.`);
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await db.transaction().execute(async (transaction) => {
            if (durability === "pulled") await sql`set local synchronous_commit = off`.execute(transaction);
            return work(Object.assign(transaction, means));
          });
        } catch (error) {
          if (attempt === mostTries || !isCollision(error)) throw failure(error);
        }
      }
    },
    // PostgreSQL checks its pages itself when it reads them.
    check: () => checkCounts(db).catch(rethrow(failure)),
    close: () => db.destroy(),
  };
}

const postgresDialect: Dialect = {
  kind: "postgres",
  insertMany: (trx, table, rows) => insertRows(trx, table, rows, sql``),
  insertOne: async (trx, insert) => {
    const { rows } = await sql<{ id: number }>`${insert} returning id`.execute(trx);
    if (rows[0] === undefined) throw new Error("an inserted row gives its id");
    return rows[0].id;
  },
  upsertMany: (trx, table, rows) => insertRows(trx, table, rows, onConflict(table)),
  list: (values) => {
    // Nothing has no type: one that is given would have to be the column's.
    if (values.length === 0) return sql`(null)`;
    const type = typeof values[0] === "string" ? sql`text[]` : sql`bigint[]`;
    return sql`(select unnest(${values}::${type}))`;
  },
  lockSource: async (trx, sourceId) => {
    await sql`select id from source where id = ${sourceId} for update`.execute(trx);
  },
  search: postgresSearch(),
  topOfCells: (cells, inner) => sql`
    select o.id, o.urgency, o.updated_at, o.created_at, o.manual_rank
    from unnest(${cells.map((cell) => cell.source)}::bigint[], ${cells.map((cell) => cell.status)}::bigint[])
      as c (source_id, status)
    cross join lateral (${inner(sql`i.id, i.urgency, i.updated_at, i.created_at, i.manual_rank`)}) as o
    where true`,
};

/** One statement for any number of rows: a column is one array parameter. */
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

/** A row that is as it is to be is left alone. */
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

/** Serialization failure, deadlock, or two transactions that inserted the same row: the transaction is run again. */
function isCollision(error: unknown): boolean {
  const code: unknown = typeof error === "object" && error !== null ? Reflect.get(error, "code") : undefined;
  return code === "40001" || code === "40P01" || code === "23505";
}

function rethrow(failure: (error: unknown) => Error): (error: unknown) => never {
  return (error) => {
    throw failure(error);
  };
}
