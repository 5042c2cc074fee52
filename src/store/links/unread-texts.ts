import { setImmediate as breathe } from "node:timers/promises";
import { sql } from "kysely";
import type { Database, Trx } from "../database/database.ts";
import { readShownBodies } from "../outbox/shown-bodies.ts";
import { findCommentTexts } from "../outbox/shown-comments.ts";
import { getSource } from "../sources/source-record.ts";
import { findTrackers, indexMentions } from "./index-mentions.ts";

const batchSize = 500;

/** Reads all mirrored texts again if there is a new tracker whose refs were not searched for, or not by an older version. */
export async function readUnreadTexts(database: Database): Promise<void> {
  const fresh = await database.read(async (db) => {
    const read = await db.selectFrom("mention_tracker").select("tracker").execute();
    const known = new Set(read.map((row) => row.tracker));
    return [...(await findTrackers(db))].filter((tracker) => !known.has(tracker));
  });
  if (fresh.length === 0) return;
  for (let last: number | null = 0; last !== null;) {
    const after: number = last;
    last = await database.write("pulled", (db) => readBatch(db, after));
    await breathe();
  }
  await database.write("pulled", async (db) => {
    for (const tracker of fresh) {
      await sql`insert into mention_tracker (tracker) values (${tracker}) on conflict do nothing`.execute(db);
    }
  });
}

/** Returns the last issue read; null when there are no more. */
async function readBatch(db: Trx, after: number): Promise<number | null> {
  const { rows } = await sql<{ id: number; source_id: number; record: string }>`
    select i.id, i.source_id, b.record from issue i join base b on b.issue_id = i.id
    where i.id > ${after} order by i.id limit ${batchSize}`.execute(db);
  const comments = await findCommentTexts(
    db,
    rows.map((row) => row.id),
  );
  const bodies = await readShownBodies(db, rows);
  for (const [sourceId, group] of Map.groupBy(rows, (row) => row.source_id)) {
    const texts = group.map((row) => ({
      issueId: row.id,
      text: `${bodies.get(row.id) ?? ""}\n\n${comments.get(row.id) ?? ""}`,
      isNew: false,
    }));
    // No need to report changes: new sources make every listener reload.
    await indexMentions(db, await getSource(db, sourceId), texts, { refs: new Set() });
  }
  return rows.at(-1)?.id ?? null;
}
