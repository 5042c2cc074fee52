import { sql } from "kysely";
import { PanopticonError } from "../../domain/error.ts";
import type { SourceConfig } from "../../domain/source.ts";
import type { Database, SearchEntry, Trx } from "../database/database.ts";
import { emptyChangeSet, forgetChanges, writeChanges } from "../mirror/change-set.ts";
import { rederive } from "../mirror/rederive.ts";
import { foldRef, refOf } from "../mirror/ref.ts";
import { readShownBodies } from "../outbox/shown-bodies.ts";
import { findCommentTexts } from "../outbox/shown-comments.ts";
import { getSource } from "./source-record.ts";

const batchSize = 500;

/** See `SourceStore.reconcile`. */
export function reconcile(database: Database, desired: readonly SourceConfig[]): Promise<void> {
  const twice = desired.find((source, index) => desired.findIndex(({ id }) => id === source.id) !== index);
  if (twice) {
    return Promise.reject(
      new PanopticonError("invalid_input", `The source ${twice.id} is configured twice.`, {
        hint: "List it in one project only.",
      }),
    );
  }
  return database.write("user", async (db) => {
    const rows = await db.selectFrom("source").select(["id", "config_id", "hidden"]).execute();
    const known = new Map(rows.map((row) => [row.config_id, row]));
    const wanted = new Set(desired.map((source) => source.id));
    let looksDifferent = false;
    for (const row of rows) {
      if (wanted.has(row.config_id) || row.hidden === 1) continue;
      await db.updateTable("source").set({ hidden: 1 }).where("id", "=", row.id).execute();
      looksDifferent = true;
    }
    for (const [position, config] of desired.entries()) {
      const row = known.get(config.id);
      if (row) looksDifferent = (await update(db, row.id, config, position)) || looksDifferent;
      else await create(db, config, position);
    }
    if (looksDifferent) await forgetChanges(db);
  });
}

async function create(db: Trx, config: SourceConfig, position: number): Promise<void> {
  const connection_id = await connectionId(db, config.connection);
  await db
    .insertInto("source")
    .values({ config_id: config.id, connection_id, hidden: 0, position, config: JSON.stringify(config) })
    .execute();
}

/** Returns whether the appearance of cards changed. */
async function update(db: Trx, id: number, config: SourceConfig, position: number): Promise<boolean> {
  const before = await getSource(db, id);
  const was = before.config;
  const grew = was.historyMs !== null && (config.historyMs === null || config.historyMs > was.historyMs);
  const remapped = JSON.stringify(was.stateOverrides) !== JSON.stringify(config.stateOverrides);
  await db
    .updateTable("source")
    .set({
      hidden: 0,
      position,
      config: JSON.stringify(config),
      // Older closed issues are wanted now: read everything again. Mirrored issues stay meanwhile.
      ...(grew ? { cursor: null, resume: null } : {}),
      // The mapping depends on the overrides: request a new description of the source.
      ...(remapped ? { described_at: null } : {}),
    })
    .where("id", "=", id)
    .execute();
  if (was.refPrefix !== config.refPrefix) await rewriteRefs(db, id, config.refPrefix);
  const isOther = was.shadow !== config.shadow && (await showShadows(db, id));
  return (
    isOther ||
    before.hidden ||
    was.refPrefix !== config.refPrefix ||
    was.project !== config.project ||
    was.projectName !== config.projectName
  );
}

/** Shows the local statuses of a source's issues, or the tracker's again, as its shadow mode is now. Returns whether it has any. */
async function showShadows(db: Trx, id: number): Promise<boolean> {
  const { rows } = await sql<{ id: number }>`
    select k.issue_id as id from shadow k join issue i on i.id = k.issue_id where i.source_id = ${id}`.execute(db);
  if (rows.length === 0) return false;
  const source = await getSource(db, id);
  const changes = emptyChangeSet();
  await rederive(
    db,
    source,
    rows.map((row) => row.id),
    changes,
  );
  await writeChanges(db, source.connectionId, changes);
  return true;
}

async function connectionId(db: Trx, name: string): Promise<number> {
  const { id } = await db
    .insertInto("connection")
    .values({ name })
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ name }))
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

/** Rewrites refs and, because these are searchable, the search entry of each issue. */
async function rewriteRefs(db: Trx, sourceId: number, prefix: string): Promise<void> {
  for (let last = 0; ;) {
    const { rows } = await sql<{ id: number; key: string; native_id: string; title: string; record: string }>`
      select c.issue_id as id, c.key, c.native_id, c.title, b.record
      from card c join base b on b.issue_id = c.issue_id
      where c.source_id = ${sourceId} and c.issue_id > ${last}
      order by c.issue_id limit ${batchSize}`.execute(db);
    const final = rows.at(-1);
    if (!final) return;
    last = final.id;
    const comments = await findCommentTexts(
      db,
      rows.map((row) => row.id),
    );
    const bodies = await readShownBodies(db, rows);
    const entries: SearchEntry[] = [];
    for (const row of rows) {
      const ref = refOf({ config: { refPrefix: prefix } }, { nativeId: row.native_id, key: row.key });
      await sql`update card set ref = ${ref}, ref_folded = ${foldRef(ref)} where issue_id = ${row.id}`.execute(db);
      entries.push({
        id: row.id,
        head: `${ref}\n${row.title}`,
        body: bodies.get(row.id) ?? "",
        comments: comments.get(row.id) ?? "",
      });
    }
    await db.dialect.search.write(db, entries);
  }
}
