import { sql } from "kysely";
import type { RawBuilder } from "kysely";
import type { Database, Trx } from "../database/database.ts";
import type { Cell, Plan } from "./plan.ts";
import { comparePlaces, isAfter, orderBy } from "./sort-order.ts";
import type { Order, Place } from "./sort-order.ts";

/** Up to so many matches are read as a whole and sorted here; more make it cheap to walk an index until a window is full. */
const fewMatches = 20_000;

type Found = Place & { readonly status: number };

/** Answers windows and counts for one plan, from counters, from the matches or from the indexes, whichever is least work. */
export type Finder = {
  /** True number of issues, by status (index into `statuses`). */
  count(status: number): number;
  /** The first places after `after` in these statuses. */
  first(statuses: readonly number[], limit: number, after: readonly number[] | null): Promise<readonly Place[]>;
};

export async function openFinder(database: Database, db: Trx, plan: Plan, order: Order): Promise<Finder> {
  const { cells, conditions, match } = plan;
  if (cells.length === 0) return { count: () => 0, first: async () => [] };
  if (conditions.length === 0 && match === null) return walker(database, db, plan, order, [], countsOf(cells));

  const rare = match === null || (await database.search.countUpTo(db, match, fewMatches + 1)) <= fewMatches;
  if (rare) {
    const found = await findMatches(database, db, plan);
    if (found.length <= fewMatches) return sorter(found, order);
  }
  if (match) await database.search.prepare(db, match);
  const probes = match ? [...conditions, database.search.probes(match)] : conditions;
  return walker(database, db, plan, order, probes, await countMatches(database, db, plan));
}

/** All matches, up to one more than `fewMatches`. */
async function findMatches(database: Database, db: Trx, plan: Plan): Promise<readonly Found[]> {
  const { rows } = await sql<Found>`
    select i.id, i.status, i.urgency, i.updated_at, i.created_at
    from issue i
    where ${inCells(database, plan)} and ${all(conditionsOf(database, plan))}
    limit ${fewMatches + 1}`.execute(db);
  return rows;
}

async function countMatches(database: Database, db: Trx, plan: Plan): Promise<ReadonlyMap<number, number>> {
  const { rows } = await sql<{ status: number; n: number }>`
    select i.status, count(*) as n
    from issue i
    where ${inCells(database, plan)} and ${all(conditionsOf(database, plan))}
    group by i.status`.execute(db);
  return new Map(rows.map((row) => [row.status, row.n]));
}

function conditionsOf(database: Database, plan: Plan): readonly RawBuilder<boolean>[] {
  return plan.match ? [...plan.conditions, database.search.matches(plan.match)] : plan.conditions;
}

/** The plan's sources and statuses as a condition. */
function inCells(database: Database, { cells, mirrored }: Plan): RawBuilder<boolean> {
  const sources = database.list([...new Set(cells.map((cell) => cell.source))]);
  const statuses = database.list([...new Set(cells.map((cell) => cell.status))]);
  const part = cells.reduce((sum, cell) => sum + cell.issues, 0);
  // The sign keeps the planner from an index where most rows are wanted anyway.
  return part * 4 < mirrored
    ? sql`i.source_id in ${sources} and i.status in ${statuses}`
    : sql`+i.source_id in ${sources} and +i.status in ${statuses}`;
}

function sorter(found: readonly Found[], order: Order): Finder {
  const sorted = found.toSorted(comparePlaces(order));
  const counts = new Map<number, number>();
  for (const { status } of found) counts.set(status, (counts.get(status) ?? 0) + 1);
  const isLater = (place: Place, after: readonly number[]): boolean => {
    for (const [index, column] of order.columns.entries()) {
      const value = after[index] ?? 0;
      if (place[column] !== value) return place[column] < value === order.descending;
    }
    return false;
  };
  return {
    count: (status) => counts.get(status) ?? 0,
    first: async (statuses, limit, after) => {
      const window: Place[] = [];
      for (const place of sorted) {
        if (!statuses.includes(place.status) || (after && !isLater(place, after))) continue;
        window.push(place);
        if (window.length === limit) break;
      }
      return window;
    },
  };
}

function walker(
  database: Database,
  db: Trx,
  plan: Plan,
  order: Order,
  probes: readonly RawBuilder<boolean>[],
  counts: ReadonlyMap<number, number>,
): Finder {
  return {
    count: (status) => counts.get(status) ?? 0,
    first: async (statuses, limit, after) => {
      const cells = plan.cells.filter((cell) => statuses.includes(cell.status) && (counts.get(cell.status) ?? 0) > 0);
      if (cells.length === 0) return [];
      const conditions = after ? [...probes, isAfter(order, after)] : probes;
      const ofCell = (selection: RawBuilder<unknown>) => sql`
        select ${selection}
        from issue i
        where i.source_id = c.source_id and i.status = c.status and ${all(conditions)}
        order by ${orderBy(order, "i")} limit ${limit}`;
      const { rows } = await sql<Place>`
        ${database.topOfCells(cells, ofCell)} order by ${orderBy(order, "o")} limit ${limit}`.execute(db);
      return rows;
    },
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
