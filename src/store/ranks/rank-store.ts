import { sql } from "kysely";
import { PanopticonError } from "../../domain/error.ts";
import type { Change } from "../change.ts";
import type { Database, Trx } from "../database/database.ts";
import { emptyChangeSet, writeChanges } from "../mirror/change-set.ts";
import type { Author } from "../outbox/outbox.ts";
import { isPlacing, recordUndo, standing } from "../undo/record-undo.ts";
import { findNext, makeRoom, type Ranked } from "./make-room.ts";
import type { Between, FormerPlace, RankStore } from "./ranks.ts";

type Row = { id: number; rank: number | null; manual_rank: number; ref: string; connection_id: number };

/** See `RankStore`. */
export function rankStore(database: Database): RankStore {
  const set = async (
    db: Trx,
    row: Row,
    rank: number | null,
    former: FormerPlace,
    author: Author,
    operation: number | null,
  ): Promise<Change> => {
    await sql`update issue set rank = ${rank} where id = ${row.id}`.execute(db);
    const change = { kind: "rank", ...former } as const;
    await recordUndo(db, { author, issueId: row.id, ref: row.ref, operation, change, at: db.clock.now() });
    const changes = emptyChangeSet();
    changes.refs.add(row.ref);
    return writeChanges(db, row.connection_id, changes);
  };
  return {
    place: (issueId, next, author, operation) =>
      database.write("user", async (db) => {
        const row = await getRow(db, issueId);
        const anchor = toRanked(await getRow(db, "before" in next ? next.before : next.after));
        if (anchor.id === issueId) {
          throw new PanopticonError("invalid_input", `${row.ref} cannot be placed next to itself.`);
        }
        // Higher ranks come first: an issue before another one has a higher rank.
        const direction = "before" in next ? "up" : "down";
        const [beyond = null] = await findNext(db, direction, anchor, 1, issueId);
        const [below, above] = direction === "up" ? [anchor, beyond] : [beyond, anchor];
        if (isBetween(toRanked(row), below, above)) return null;
        const between = await findNeighbours(db, row);
        const rank = await makeRoom(db, below, above, issueId);
        return set(db, row, rank, { from: row.rank, between }, author, operation);
      }),
    takeBack: (issueId, { from, between }, author) =>
      database.write("user", async (db) => {
        const row = await getRow(db, issueId);
        if (row.rank === from) return null;
        if (await wasPlacedSince(db, issueId, author)) {
          throw new PanopticonError("conflict", `${row.ref}: its place changed since then.`, {
            hint: "Undo would overwrite that. To overwrite it anyway, move the issue yourself.",
          });
        }
        const rank = between === undefined ? from : await formerRank(db, row, from, between);
        return set(db, row, rank, { from: row.rank }, author, null);
      }),
  };
}

/**
 * Whether the issue was placed again after the change being undone, and that still stands, even if it can no longer be undone. The rank cannot tell: the issue
 * may have been moved to make room for others.
 */
async function wasPlacedSince(db: Trx, issueId: number, { undoes }: Author): Promise<boolean> {
  if (undoes === undefined) return false;
  const { rows } = await sql`
    select 1 from undo_entry
    where issue_id = ${issueId} and id > ${undoes.entry} and ${standing} and ${isPlacing}
    limit 1`.execute(db);
  return rows.length > 0;
}

/** The present neighbours of an issue. */
async function findNeighbours(db: Trx, row: Row): Promise<Between> {
  const [below] = await findNext(db, "down", toRanked(row), 1, row.id);
  const [above] = await findNext(db, "up", toRanked(row), 1, row.id);
  return { below: below?.id ?? null, above: above?.id ?? null };
}

/**
 * The rank that restores an issue's former place: its former rank, unless its neighbours were spread apart since, as issues of one time are to make room; then
 * one between them.
 */
async function formerRank(db: Trx, row: Row, from: number | null, between: Between): Promise<number | null> {
  const there = { id: row.id, rank: from ?? (await unplacedRank(db, row.id)) };
  const [below, above] = await Promise.all([findRanked(db, between.below), findRanked(db, between.above)]);
  const isLost = (between.below !== null && below === null) || (between.above !== null && above === null);
  if (isLost || isBetween(there, below, above)) return from;
  if (below !== null && above !== null && !isAbove(above, below)) return from;
  return makeRoom(db, below, above, row.id);
}

/** The rank of an unplaced issue: its creation time. */
async function unplacedRank(db: Trx, issueId: number): Promise<number> {
  const { rows } = await sql<{ created_at: number }>`select created_at from issue where id = ${issueId}`.execute(db);
  return rows[0]?.created_at ?? 0;
}

/** Reads an issue's rank; null if there is no issue or it is gone. */
async function findRanked(db: Trx, issueId: number | null): Promise<Ranked | null> {
  if (issueId === null) return null;
  const { rows } = await sql<Ranked>`select id, manual_rank as rank from issue where id = ${issueId}`.execute(db);
  return rows[0] ?? null;
}

async function getRow(db: Trx, issueId: number): Promise<Row> {
  const { rows } = await sql<Row>`
    select i.id, i.rank, i.manual_rank, c.ref, c.connection_id
    from issue i join card c on c.issue_id = i.id where i.id = ${issueId}`.execute(db);
  const [row] = rows;
  if (row !== undefined) return row;
  throw new PanopticonError("not_found", "This issue is no longer in the mirror.");
}

function toRanked({ id, manual_rank: rank }: Row): Ranked {
  return { id, rank };
}

function isBetween(issue: Ranked, below: Ranked | null, above: Ranked | null): boolean {
  return (below === null || isAbove(issue, below)) && (above === null || isAbove(above, issue));
}

function isAbove(one: Ranked, other: Ranked): boolean {
  return one.rank > other.rank || (one.rank === other.rank && one.id > other.id);
}
