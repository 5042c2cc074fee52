import { sql } from "kysely";
import type { BulkRow, Trx } from "../database/database.ts";
import type { ChangeSet } from "../mirror/change-set.ts";
import { findRefs } from "../mirror/renamed.ts";
import { mentionRows } from "../schema/bulk-tables.ts";
import { findVisibleSources } from "../sources/source-record.ts";
import type { SourceRecord } from "../sources/source-record.ts";
import { handleOf } from "./mention-handle.ts";
import { resolveMentions } from "./resolve-mentions.ts";
import type { MentionRow } from "./resolve-mentions.ts";

/** An issue's body and comments. `isNew`: it has no stored mentions yet. */
export type IssueText = { readonly issueId: number; readonly text: string; readonly isNew: boolean };

/** Stores the mentions in issues' texts, and updates the mentioned cards. */
export async function indexMentions(
  db: Trx,
  source: SourceRecord,
  texts: readonly IssueText[],
  changes: Pick<ChangeSet, "refs">,
): Promise<void> {
  if (texts.length === 0) return;
  const trackers = await findTrackers(db);
  const now = new Map(texts.flatMap((text) => rowsOf(db, source, trackers, text)).map(keyed));
  const old = texts.filter((text) => !text.isNew).map((text) => text.issueId);
  const before = new Map((await findMentions(db, old)).map(keyed));
  const added = [...now].flatMap(([key, row]) => (before.has(key) ? [] : [row]));
  const removed = [...before].flatMap(([key, row]) => (now.has(key) ? [] : [row]));
  for (const row of removed) {
    await sql`
      delete from mention
      where issue_id = ${row.issue_id} and handle = ${row.handle} and written = ${row.written}`.execute(db);
  }
  await db.dialect.insertMany(
    db,
    mentionRows,
    added.map((row): BulkRow => [row.issue_id, row.written, row.handle, row.host]),
  );
  if (added.length + removed.length === 0) return;
  const pairs = await resolveMentions(db, await findVisibleSources(db), [...added, ...removed]);
  const mentioned = pairs.map((pair) => pair.otherId);
  for (const ref of await findRefs(db, mentioned)) changes.refs.add(ref);
}

/** The trackers with sources: readings of other trackers are left out until they have one. */
export async function findTrackers(db: Trx): Promise<ReadonlySet<string>> {
  const rows = await db.selectFrom("source").select("config").execute();
  return new Set(rows.map((row) => (JSON.parse(row.config) as SourceRecord["config"]).tracker));
}

function rowsOf(
  db: Trx,
  source: SourceRecord,
  trackers: ReadonlySet<string>,
  { issueId, text }: IssueText,
): readonly MentionRow[] {
  return db.findRefs(text, source.config.tracker).flatMap(({ written, readings }) =>
    readings
      .filter((reading) => trackers.has(reading.tracker))
      .map((reading) => ({
        issue_id: issueId,
        source_id: source.id,
        written,
        handle: handleOf(reading, source),
        host: reading.host ?? "",
      })),
  );
}

function keyed(row: MentionRow): readonly [string, MentionRow] {
  return [`${row.issue_id} ${row.handle} ${row.written}`, row];
}

/** The stored mentions in these issues' texts. */
export async function findMentions(db: Trx, issueIds: readonly number[]): Promise<readonly MentionRow[]> {
  if (issueIds.length === 0) return [];
  const { rows } = await sql<MentionRow>`
    select m.issue_id, i.source_id, m.written, m.handle, m.host
    from mention m join issue i on i.id = m.issue_id
    where m.issue_id in ${db.dialect.list(issueIds)}`.execute(db);
  return rows;
}
