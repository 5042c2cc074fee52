import type { FindRefs } from "../../domain/mention.ts";
import type { Database, SqlDatabase } from "./database.ts";
import { openSqlite } from "./sqlite-database.ts";

/** Opens PostgreSQL where an address is given, else the file. */
export async function openDatabase(options: {
  databaseUrl: string | null;
  file: string;
  readOnly: boolean;
  maxPages?: number;
  findRefs: FindRefs;
}): Promise<Database> {
  return { ...(await openSql(options)), findRefs: options.findRefs };
}

async function openSql(options: {
  databaseUrl: string | null;
  file: string;
  readOnly: boolean;
  maxPages?: number;
}): Promise<SqlDatabase> {
  const { databaseUrl, file, readOnly, maxPages } = options;
  if (databaseUrl === null) return openSqlite({ file, readOnly, ...(maxPages === undefined ? {} : { maxPages }) });
  // Loaded only when it is used: it would double the start-up time of a command that reads SQLite.
  const { openPostgres } = await import("./postgres-database.ts");
  return openPostgres({ url: databaseUrl, readOnly });
}
