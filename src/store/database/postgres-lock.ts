import { hostname } from "node:os";
import { PanopticonError } from "../../domain/error.ts";
import { postgresPlace } from "./postgres-place.ts";
import { toStoreError } from "./store-error.ts";

/** The two keys of the lock among the database's advisory locks. */
const [family, number] = [0x70_61_6e, 1];

/** Takes the database's advisory lock on a dedicated connection; it ends with the connection. Throws `busy`. */
export async function lockPostgres(
  url: string,
  onLost: (error: PanopticonError) => void,
): Promise<{ release(): Promise<void> }> {
  const { default: pg } = await import("pg");
  const where = postgresPlace(url);
  const client = new pg.Client({
    connectionString: url,
    // Shows others who holds the lock.
    application_name: `panopticon, process ${process.pid} on ${hostname()}`,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  let released = false;
  const lose = (cause?: unknown) => {
    if (released) return;
    released = true;
    onLost(
      new PanopticonError("internal", `This server lost the connection that reserves the database ${where} for it.`, {
        hint: "Check PostgreSQL. Until the connection is back, another server may take over the database.",
        cause,
      }),
    );
  };
  try {
    await client.connect();
    const { rows } = await client.query<{ locked: boolean }>("select pg_try_advisory_lock($1, $2) as locked", [
      family,
      number,
    ]);
    if (rows[0]?.locked === true) {
      client.on("error", lose);
      client.on("end", () => lose());
      return {
        release: async () => {
          released = true;
          await client.end();
        },
      };
    }
    const { rows: holders } = await client.query<{ application_name: string }>(
      `select a.application_name
       from pg_locks l join pg_stat_activity a on a.pid = l.pid
       where l.locktype = 'advisory' and l.granted and l.classid = $1 and l.objid = $2
         and l.database = (select oid from pg_database where datname = current_database())`,
      [family, number],
    );
    throw new PanopticonError(
      "busy",
      `Another Panopticon is using the database ${where} (${holders[0]?.application_name ?? "it has just released it"}).`,
      { hint: "Stop it first, or use another database in DATABASE_URL." },
    );
  } catch (error) {
    released = true;
    await client.end().catch(() => undefined);
    throw toStoreError(error, where);
  }
}
