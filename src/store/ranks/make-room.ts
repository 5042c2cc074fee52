import { sql } from "kysely";
import type { Trx } from "../database/database.ts";
import type { Order } from "../board/sort-order.ts";
import { isAfter, orderBy } from "../board/sort-order.ts";

/** An issue and its rank in the manual order. */
export type Ranked = { readonly id: number; readonly rank: number };

export type Direction = "up" | "down";

/** The smallest gap, in milliseconds, to place an issue into: a double of this size has steps of 1/4096. */
const leastGap = 1 / 512;
/** The distance of an issue placed before the first or after the last one. */
const beyondEndMs = 60_000;
/** The number of issues to spread apart if there is no room; eight times as many each time that is too few. */
const firstSpread = 64;

const orders: Record<Direction, Order> = {
  up: { columns: ["manual_rank", "id"], descending: false },
  down: { columns: ["manual_rank", "id"], descending: true },
};

/** The next issues above or below a place, nearest first; leaves out `but`. */
export async function findNext(
  db: Trx,
  direction: Direction,
  from: Ranked,
  limit: number,
  but: number,
): Promise<readonly Ranked[]> {
  const order = orders[direction];
  const { rows: cells } = await sql<{ source: number; status: number }>`
    select source_id as source, status from source_count where issues > 0`.execute(db);
  const { rows } = await sql<{ id: number; manual_rank: number }>`
    ${db.dialect.topOfCells(
      cells,
      (selection) => sql`
        select ${selection} from issue i
        where i.source_id = c.source_id and i.status = c.status and ${isAfter(order, [from.rank, from.id])}
        order by ${orderBy(order, "i")} limit ${limit + 1}`,
    )} order by ${orderBy(order, "o")} limit ${limit + 1}`.execute(db);
  return rows
    .filter(({ id }) => id !== but)
    .slice(0, limit)
    .map(({ id, manual_rank: rank }) => ({ id, rank }));
}

/**
 * Returns a rank for the issue `but` between two neighbours; null is the end of the order. If there is no room, spreads the issues above apart, keeping their
 * order.
 */
export async function makeRoom(db: Trx, below: Ranked | null, above: Ranked | null, but: number): Promise<number> {
  if (below === null) return (above?.rank ?? 0) - beyondEndMs;
  if (above === null) return below.rank + beyondEndMs;
  if (above.rank - below.rank >= leastGap) return (above.rank + below.rank) / 2;
  for (let size = firstSpread; ; size *= 8) {
    const next = await findNext(db, "up", below, size + 1, but);
    const moved = next.slice(0, size);
    const end = next[size]?.rank ?? (moved.at(-1) ?? above).rank + beyondEndMs;
    const gap = (end - below.rank) / (moved.length + 2);
    if (gap < leastGap) continue;
    for (const [index, { id }] of moved.entries()) {
      await sql`update issue set rank = ${below.rank + gap * (index + 2)} where id = ${id}`.execute(db);
    }
    return below.rank + gap;
  }
}
