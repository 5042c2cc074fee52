import { sql } from "kysely";
import type { Database, Trx } from "./database/database.ts";
import type { ChangeLog } from "./store.ts";

/** A listener that missed more than this reloads, which is cheaper for both sides; earlier changes are not kept. */
const maxRefs = 10_000;
/** The log is trimmed once in this many changes. */
const trimEvery = 1_000;
/** The most rows that are deleted at once, so that a change does not wait for it: a log from before it was trimmed may have millions. */
const maxTrimmed = 20_000;
/** How long tombstones are kept: no answer is in flight for that long. */
const tombstoneMs = 30 * 24 * 3_600_000;
/** How long undo entries are kept: nobody undoes older changes. */
const undoMs = 30 * 24 * 3_600_000;

export function changeLog(database: Database): ChangeLog {
  return {
    sequence: () => database.read(async (db) => (await readHead(db)).value),
    since: (sequence) =>
      database.read(async (db) => {
        const head = await readHead(db);
        if (sequence < head.floor || sequence > head.value || head.value - sequence > maxRefs) return null;
        const { rows } = await sql<{ ref: string }>`
          select ref from change where sequence > ${sequence} order by sequence`.execute(db);
        return { sequence: head.value, refs: [...new Set(rows.map((row) => row.ref))] };
      }),
  };
}

/**
 * Deletes what nobody needs any more, if the changes from `before` to `value` reach another thousand: it is done along with them, since the log grows only by
 * them. Call in their transaction.
 */
export async function trimLog(db: Trx, before: number, value: number): Promise<void> {
  if (Math.floor(before / trimEvery) === Math.floor(value / trimEvery)) return;
  const head = await readHead(db);
  const floor = Math.min(value - maxRefs, head.floor + maxTrimmed);
  if (floor > head.floor) {
    await sql`delete from change where sequence <= ${floor}`.execute(db);
    await sql`update sequence set floor = ${floor} where name = 'change'`.execute(db);
  }
  await sql`delete from tombstone where requested_at < ${db.clock.now() - tombstoneMs}`.execute(db);
  await sql`delete from undo_entry where at < ${db.clock.now() - undoMs}`.execute(db);
}

/** The last sequence number, and the last one that was deleted. */
async function readHead(db: Trx): Promise<{ readonly value: number; readonly floor: number }> {
  const { rows } = await sql<{ value: number; floor: number }>`
    select value, floor from sequence where name = 'change'`.execute(db);
  return rows[0] ?? { value: 0, floor: 0 };
}
