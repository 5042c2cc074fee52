import type { Clock } from "../../domain/clock.ts";
import type { FindRefs } from "../../domain/mention.ts";
import type { Database } from "./database.ts";
import { openSqlite } from "./sqlite-database.ts";

/** Opens PostgreSQL if a URL is given, otherwise the SQLite file. */
export async function openDatabase(options: {
  databaseUrl: string | null;
  file: string;
  readOnly: boolean;
  maxPages?: number;
  findRefs: FindRefs;
  clock: Clock;
}): Promise<Database> {
  const { databaseUrl, file, readOnly, maxPages, findRefs, clock } = options;
  if (databaseUrl === null) {
    return openSqlite({ file, readOnly, findRefs, clock, ...(maxPages === undefined ? {} : { maxPages }) });
  }
  // Loaded only if used: it would double the start-up time of a command that reads SQLite.
  const { openPostgres } = await import("./postgres-database.ts");
  return openPostgres({ url: databaseUrl, readOnly, findRefs, clock });
}
