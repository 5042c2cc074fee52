import { sql } from "kysely";
import createDebug from "debug";
import type { Database, SearchEntry, Trx } from "../database/database.ts";
import { readShownBodies } from "../outbox/shown-bodies.ts";
import { findCommentTexts } from "../outbox/shown-comments.ts";

const debug = createDebug("store");
const batchSize = 500;
const delayMs = 250;

/**
 * Writes the search entries of issues that a user changed. An entry costs more than everything else such a change writes, so the change's transaction only
 * marks the issue, and the entry is written before the next search, or soon.
 */
export type DueEntries = {
  /** Wraps the database for code whose transactions mark entries, which are then written within a moment. */
  noticing(database: Database): Database;
  /** Resolves when marked entries are written; if they cannot be (a full disk), searches find the former texts. */
  settle(): Promise<void>;
  /** Writes the remaining entries. */
  close(): Promise<void>;
};

export function dueEntries(database: Database): DueEntries {
  let timer: NodeJS.Timeout | null = null;
  let settling: Promise<void> | null = null;

  async function settleAll(): Promise<void> {
    try {
      while ((await database.read(findDue)).length > 0) await database.write("pulled", (db) => writeDue(db));
    } catch (error) {
      debug("search entries stay due: %s", error);
    }
  }

  /** Wait for a running pass, then run or join a new one: the running one may not have seen the caller's marks. */
  const settle = async () => {
    await settling;
    settling ??= settleAll().finally(() => (settling = null));
    await settling;
  };

  const soon = () => {
    if (timer !== null) return;
    timer = setTimeout(() => {
      timer = null;
      void settle();
    }, delayMs);
    timer.unref();
  };

  return {
    noticing: (noted) => ({
      ...noted,
      async write(durability, work) {
        const result = await noted.write(durability, work);
        soon();
        return result;
      },
    }),
    settle,
    async close() {
      if (timer !== null) {
        clearTimeout(timer);
        timer = null;
        await settle();
      }
      await settling;
    },
  };
}

async function findDue(db: Trx): Promise<readonly number[]> {
  const { rows } = await sql<{ issue_id: number }>`
    select issue_id from search_due order by issue_id limit ${batchSize}`.execute(db);
  return rows.map((row) => row.issue_id);
}

async function writeDue(db: Trx): Promise<void> {
  const ids = await findDue(db);
  if (ids.length === 0) return;
  const { rows } = await sql<{ id: number; ref: string; title: string; record: string }>`
    select c.issue_id as id, c.ref, c.title, b.record
    from card c join base b on b.issue_id = c.issue_id
    where c.issue_id in ${db.dialect.list(ids)}`.execute(db);
  const bodies = await readShownBodies(db, rows);
  const comments = await findCommentTexts(db, ids);
  const entries = rows.map(({ id, ref, title }): SearchEntry => ({
    id,
    head: `${ref}\n${title}`,
    body: bodies.get(id) ?? "",
    comments: comments.get(id) ?? "",
  }));
  await db.dialect.search.write(db, entries);
  await sql`delete from search_due where issue_id in ${db.dialect.list(ids)}`.execute(db);
}
