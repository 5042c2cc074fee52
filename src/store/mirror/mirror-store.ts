import { sql } from "kysely";
import { localIdPrefix } from "../../domain/operation.ts";
import type { Database } from "../database/database.ts";
import { getSource, saveSync } from "../sources/source-record.ts";
import type { MirrorStore } from "../store.ts";
import { applyPage } from "./apply-page.ts";
import { emptyChangeSet, writeChanges } from "./change-set.ts";
import { deleteIssues } from "./delete-issues.ts";
import { finishedStatuses } from "./read-meaning.ts";
import { findMirrored } from "./mirrored.ts";
import { writeTombstones } from "./tombstones.ts";

const batchSize = 1_000;

/** Excludes issues that do not exist in their tracker yet from sweeps. */
const isNamed = sql`c.native_id not like ${`${localIdPrefix}%`}`;

export function mirrorStore(database: Database): MirrorStore {
  return {
    applyPage: (sourceId, page) => applyPage(database, sourceId, page),
    async *nativeIds(sourceId) {
      for (let last = 0; ;) {
        const after = last;
        const { rows } = await database.read((db) =>
          sql<{ id: number; native_id: string; key: string }>`
            select i.id, c.native_id, c.key
            from issue i join card c on c.issue_id = i.id
            where +i.source_id = ${sourceId} and i.id > ${after} and ${isNamed}
            order by i.id limit ${batchSize}`.execute(db),
        );
        const final = rows.at(-1);
        if (!final) return;
        last = final.id;
        yield rows.map((row) => ({ nativeId: row.native_id, key: row.key }));
      }
    },
    missing: (sourceId, nativeIds) =>
      database.read(async (db) => {
        if (nativeIds.length === 0) return [];
        const { rows } = await sql<{ native_id: string }>`
          select native_id from card
          where native_id in ${db.dialect.list(nativeIds)} and source_id = ${sourceId}`.execute(db);
        const here = new Set(rows.map((row) => row.native_id));
        return nativeIds.filter((nativeId) => !here.has(nativeId));
      }),
    remove: (sourceId, nativeIds, why) =>
      database.write("pulled", async (db) => {
        const source = await getSource(db, sourceId);
        const mirrored = await findMirrored(db, source.connectionId, nativeIds);
        const issues = [...mirrored.values()].filter((row) => row.sourceId === sourceId);
        const changes = emptyChangeSet();
        const now = db.clock.now();
        await deleteIssues(db, { source, issues, why, now }, changes);
        if (why === "gone") {
          const ids = issues.map((row) => row.nativeId);
          await writeTombstones(db, source.connectionId, ids, () => now);
        }
        if (issues.length > 0) await saveSync(db, sourceId, { lastChangeAt: now });
        return writeChanges(db, source.connectionId, changes);
      }),
    clockSetBack: () =>
      database.write("pulled", async (db) => {
        const now = db.clock.now();
        await sql`update issue set requested_at = ${now} where requested_at > ${now}`.execute(db);
        await sql`update tombstone set requested_at = ${now} where requested_at > ${now}`.execute(db);
      }),
    unreadRelations: (sourceId, limit) =>
      database.read(async (db) => {
        const { rows } = await sql<{ native_id: string; key: string }>`
          select c.native_id, c.key
          from unread_relation u join issue i on i.id = u.issue_id join card c on c.issue_id = u.issue_id
          where +i.source_id = ${sourceId}
          order by i.updated_at desc, i.id limit ${limit}`.execute(db);
        return rows.map((row) => ({ nativeId: row.native_id, key: row.key }));
      }),
    relationsRead: (sourceId, nativeIds) =>
      database.write("pulled", async (db) => {
        await sql`
          delete from unread_relation where issue_id in (
            select issue_id from card where native_id in ${db.dialect.list(nativeIds)} and source_id = ${sourceId}
          )`.execute(db);
      }),
    closedBefore: (sourceId, before) =>
      database.read(async (db) => {
        const { rows } = await sql<{ native_id: string }>`
          select c.native_id
          from issue i join card c on c.issue_id = i.id
          where i.source_id = ${sourceId} and i.status in ${finishedStatuses} and i.updated_at < ${before}
            and ${isNamed}`.execute(db);
        return rows.map((row) => row.native_id);
      }),
  };
}
