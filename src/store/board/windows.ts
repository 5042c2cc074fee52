import { sql } from "kysely";
import type { RawBuilder } from "kysely";
import type { Trx } from "../database/database.ts";
import type { Cell, Plan } from "./plan.ts";
import { rankHits } from "./rank-hits.ts";
import { isAfter, isByRelevance, orderBy } from "./sort-order.ts";
import type { Order, Place } from "./sort-order.ts";

/** Answers windows and counts for one plan: from counters, from the matches or from the indexes, whichever is cheapest. */
export type Finder = {
  /** The exact number of issues, by status (index into `statuses`). */
  count(status: number): number;
  /** The first places of each status. */
  firstOfEach(limit: number): Promise<ReadonlyMap<number, readonly Place[]>>;
  /** The first places after `after`, whatever their status. */
  first(limit: number, after: readonly number[] | null): Promise<readonly Place[]>;
};

/** Sorts up to `fewMatches` matches; with more it is cheaper to walk an index until a window is full. */
export async function openFinder(db: Trx, plan: Plan, order: Order, fewMatches = 20_000): Promise<Finder> {
  const { cells, conditions, match } = plan;
  if (cells.length === 0) return { count: () => 0, firstOfEach: async () => new Map(), first: async () => [] };
  if (conditions.length === 0 && match === null) return walk(db, plan, order, [], countsOf(cells));

  const ranked = match !== null && isByRelevance(order);
  const matches = await matchesOf(db, plan);
  if (ranked) await rankHits(db, match);
  const counts = await countMatches(db, matches);
  const total = [...counts.values()].reduce((sum, n) => sum + n, 0);
  // Relevance exists only with the matches; no index is in that order.
  if (total <= fewMatches || ranked) return sort(db, order, ranked ? db.dialect.search.hits() : null, matches, counts);
  const probes = [...conditions.map((condition) => condition.probe), ...(match ? [db.dialect.search.probes()] : [])];
  return walk(db, plan, order, probes, counts);
}

/** The condition on `i` that a plan's issues meet. Searches for its text. */
export async function matchesOf(db: Trx, plan: Plan): Promise<RawBuilder<boolean>> {
  const { conditions, match } = plan;
  if (match) await db.dialect.search.prepare(db, match);
  return all([
    inCells(db, plan),
    ...conditions.map((condition) => condition.start),
    ...(match ? [db.dialect.search.matches()] : []),
  ]);
}

async function countMatches(db: Trx, matches: RawBuilder<boolean>): Promise<ReadonlyMap<number, number>> {
  const { rows } = await sql<{ status: number; n: number }>`
    select i.status, count(*) as n from issue i where ${matches} group by i.status`.execute(db);
  return new Map(rows.map((row) => [row.status, row.n]));
}

/** The plan's sources and statuses as a condition. */
function inCells(db: Trx, { cells, mirrored }: Plan): RawBuilder<boolean> {
  const sources = db.dialect.list([...new Set(cells.map((cell) => cell.source))]);
  const statuses = db.dialect.list([...new Set(cells.map((cell) => cell.status))]);
  const part = cells.reduce((sum, cell) => sum + cell.issues, 0);
  // The plus sign keeps the planner from using an index when most rows are wanted anyway.
  return part * 4 < mirrored
    ? sql`i.source_id in ${sources} and i.status in ${statuses}`
    : sql`+i.source_id in ${sources} and +i.status in ${statuses}`;
}

/** Starts from the matches and sorts them; by score if `hits` is given. */
function sort(
  db: Trx,
  order: Order,
  hits: RawBuilder<unknown> | null,
  matches: RawBuilder<boolean>,
  counts: ReadonlyMap<number, number>,
): Finder {
  const columns = sql`i.id, i.urgency, i.updated_at, i.created_at, i.manual_rank`;
  const found =
    hits === null
      ? { selection: columns, table: sql`issue i`, condition: matches }
      : {
          selection: sql`${columns}, i.score`,
          table: sql`(
            select ${columns}, i.status, hit.score from issue i join ${hits} hit on hit.id = i.id where ${matches}
          ) i`,
          condition: all([]),
        };
  return {
    count: (status) => counts.get(status) ?? 0,
    firstOfEach: async (limit) => {
      const { rows } = await sql<Place & { status: number }>`
        select * from (
          select ${found.selection}, i.status, row_number() over (partition by i.status order by ${orderBy(order, "i")}) as place
          from ${found.table} where ${found.condition}
        ) ranked
        where place <= ${limit} order by place`.execute(db);
      return Map.groupBy(rows, (row) => row.status);
    },
    first: async (limit, after) => {
      const wanted = after ? all([found.condition, isAfter(order, after)]) : found.condition;
      const { rows } = await sql<Place>`
        select ${found.selection} from ${found.table} where ${wanted}
        order by ${orderBy(order, "i")} limit ${limit}`.execute(db);
      return rows;
    },
  };
}

/** Walks the index of each source and status in order and tests each issue against the conditions. */
function walk(
  db: Trx,
  plan: Plan,
  order: Order,
  probes: readonly RawBuilder<boolean>[],
  counts: ReadonlyMap<number, number>,
): Finder {
  const first = async (cells: readonly Cell[], limit: number, after: readonly number[] | null) => {
    if (cells.length === 0) return [];
    const ofCell = (selection: RawBuilder<unknown>) => sql`
      select ${selection}
      from issue i
      where i.source_id = c.source_id and i.status = c.status
        and ${all(after ? [...probes, isAfter(order, after)] : probes)}
      order by ${orderBy(order, "i")} limit ${limit}`;
    const { rows } = await sql<Place>`
      ${db.dialect.topOfCells(cells, ofCell)} order by ${orderBy(order, "o")} limit ${limit}`.execute(db);
    return rows;
  };
  const filled = plan.cells.filter((cell) => (counts.get(cell.status) ?? 0) > 0);
  return {
    count: (status) => counts.get(status) ?? 0,
    firstOfEach: async (limit) => {
      const windows = new Map<number, readonly Place[]>();
      for (const [status, cells] of Map.groupBy(filled, (cell) => cell.status)) {
        windows.set(status, await first(cells, limit, null));
      }
      return windows;
    },
    first: (limit, after) => first(filled, limit, after),
  };
}

function countsOf(cells: readonly Cell[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const cell of cells) counts.set(cell.status, (counts.get(cell.status) ?? 0) + cell.issues);
  return counts;
}

function all(conditions: readonly RawBuilder<boolean>[]): RawBuilder<boolean> {
  return conditions.length === 0 ? sql`1 = 1` : sql.join([...conditions], sql` and `);
}
