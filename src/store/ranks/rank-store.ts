import { sql } from "kysely";
import type { Clock } from "../../domain/clock.ts";
import { PanopticonError } from "../../domain/error.ts";
import type { Database, Trx } from "../database/database.ts";
import { emptyChangeSet, writeChanges } from "../mirror/change-set.ts";
import type { Author } from "../outbox/outbox.ts";
import type { Change } from "../store.ts";
import { recordUndo } from "../undo/record-undo.ts";
import { findNext, makeRoom, type Ranked } from "./make-room.ts";
import type { RankStore } from "./ranks.ts";

type Row = { id: number; rank: number | null; manual_rank: number; ref: string; connection_id: number };

/** See `RankStore`. */
export function rankStore(database: Database, clock: Clock): RankStore {
  const set = async (
    db: Trx,
    row: Row,
    { from, to }: { readonly from: number | null; readonly to: number | null },
    author: Author,
    operation: number | null,
  ): Promise<Change> => {
    await sql`update issue set rank = ${to} where id = ${row.id}`.execute(db);
    const change = { kind: "rank", from, to: to ?? row.manual_rank } as const;
    await recordUndo(db, { author, issueId: row.id, ref: row.ref, operation, change, at: clock.now() });
    const changes = emptyChangeSet();
    changes.refs.add(row.ref);
    return writeChanges(database, db, row.connection_id, changes);
  };
  return {
    place: (issueId, next, author, operation) =>
      database.write("user", async (db) => {
        const row = await getRow(db, issueId);
        const anchor = toRanked(await getRow(db, "before" in next ? next.before : next.after));
        if (anchor.id === issueId) {
          throw new PanopticonError("invalid_input", `${row.ref} cannot be placed next to itself.`);
        }
        // The higher rank comes first: what stands before another one is above it.
        const direction = "before" in next ? "up" : "down";
        const [beyond = null] = await findNext(database, db, direction, anchor, 1, issueId);
        const [below, above] = direction === "up" ? [anchor, beyond] : [beyond, anchor];
        if (isBetween(toRanked(row), below, above)) return null;
        const to = await makeRoom(database, db, below, above, issueId);
        return set(db, row, { from: row.rank, to }, author, operation);
      }),
    takeBack: (issueId, { from, to }, author) =>
      database.write("user", async (db) => {
        const row = await getRow(db, issueId);
        if (row.rank === from) return null;
        if (row.rank !== to) {
          throw new PanopticonError("conflict", `${row.ref}: its place changed since.`, {
            hint: "Taking it back would overwrite that; place it by hand if that is meant.",
          });
        }
        return set(db, row, { from: to, to: from }, author, null);
      }),
  };
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
