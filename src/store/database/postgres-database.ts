import { CompiledQuery, Kysely, PostgresDialect, sql } from "kysely";
import { PanopticonError } from "../../domain/error.ts";
import type { Tables } from "../schema/tables.ts";
import type { Clock } from "../../domain/clock.ts";
import type { FindRefs } from "../../domain/mention.ts";
import type { Database } from "./database.ts";
import { checkCounts } from "./check-counts.ts";
import { postgresDialect } from "./postgres-dialect.ts";
import { createHits } from "./postgres-search.ts";
import { postgresPlace } from "./postgres-place.ts";
import { toStoreError } from "./store-error.ts";
import { createTurns } from "./turns.ts";

export type PostgresOptions = {
  readonly url: string;
  readonly readOnly: boolean;
  readonly findRefs: FindRefs;
  readonly clock: Clock;
};

/** The OID of `bigint`, which the driver would return as text; ours all fit a number. */
const bigint = 20;
/** The two keys of the advisory lock that a transaction holds while it writes. The server's own lock is another one, and may be lost meanwhile. */
const writing = [0x70_61_6e, 2] as const;

/** Opens PostgreSQL with `pg`, which is loaded only here. */
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
  // A connection that breaks while idle is replaced at the next query, which reports lasting trouble; one that breaks in use fails its query and also emits an
  // error.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  const dialect = new PostgresDialect({
    pool,
    onCreateConnection: async (connection) => {
      await connection.executeQuery(CompiledQuery.raw(createHits));
    },
  });
  const db = new Kysely<Tables>({ dialect });

  // Transactions read, decide and write. Those that wait for their turn here do not take connections from those that only read.
  const inTurn = createTurns();
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
      if (readOnly) throw new PanopticonError("internal", `The mirror ${where} was opened read-only.`);
      return inTurn(
        () =>
          db.transaction().execute(async (transaction) => {
            await sql`select pg_advisory_xact_lock(${writing[0]}, ${writing[1]})`.execute(transaction);
            if (durability === "pulled") await sql`set local synchronous_commit = off`.execute(transaction);
            return work(Object.assign(transaction, means));
          }),
        durability === "user",
      ).catch(rethrow(failure));
    },
    // PostgreSQL checks its pages itself when it reads them.
    check: () => checkCounts(db).catch(rethrow(failure)),
    close: () => db.destroy(),
  };
}

function rethrow(failure: (error: unknown) => Error): (error: unknown) => never {
  return (error) => {
    throw failure(error);
  };
}
