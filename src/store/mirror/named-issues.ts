import { sql } from "kysely";
import type { NamedIssue } from "../../domain/issue.ts";
import type { Trx } from "../database/database.ts";
import { plainText } from "./native-record.ts";

const rowsAtOnce = 400;

/** Stores the names of unmirrored issues; returns the native ids of those whose name is new or changed. */
export async function saveNamedIssues(
  db: Trx,
  connectionId: number,
  issues: readonly NamedIssue[],
): Promise<readonly string[]> {
  const named = new Map(
    issues.map(({ id, key, title, url }) => [
      id,
      { id, key: plainText(key), title: plainText(title), url: plainText(url) },
    ]),
  );
  if (named.size === 0) return [];
  const known = await findNamedIssues(db, connectionId, [...named.keys()]);
  const news = [...named.values()].filter((issue) => {
    const before = known.get(issue.id);
    return before?.key !== issue.key || before.title !== issue.title || before.url !== issue.url;
  });
  for (let from = 0; from < news.length; from += rowsAtOnce) {
    const rows = news
      .slice(from, from + rowsAtOnce)
      .map(({ id, key, title, url }) => sql`(${sql.join([connectionId, id, key, title, url])})`);
    await sql`
      insert into named_issue (connection_id, native_id, key, title, url) values ${sql.join(rows)}
      on conflict (connection_id, native_id)
      do update set key = excluded.key, title = excluded.title, url = excluded.url`.execute(db);
  }
  return news.map(({ id }) => id);
}

/** Finds named issues, by native id. */
export async function findNamedIssues(
  db: Trx,
  connectionId: number,
  nativeIds: readonly string[],
): Promise<ReadonlyMap<string, NamedIssue>> {
  if (nativeIds.length === 0) return new Map();
  const { rows } = await sql<NamedIssue>`
    select native_id as id, key, title, url from named_issue
    where connection_id = ${connectionId} and native_id in ${db.dialect.list(nativeIds)}`.execute(db);
  return new Map(rows.map((row) => [row.id, row]));
}
