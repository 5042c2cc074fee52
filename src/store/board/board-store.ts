import type { IssueFilter } from "../../domain/filter.ts";
import { forEachStatus, statuses } from "../../domain/status.ts";
import type { Database, Trx } from "../database/database.ts";
import type { DueEntries } from "../search/due-entries.ts";
import type { BoardStore } from "../store.ts";
import { readCard } from "./card.ts";
import { readCards } from "./cards.ts";
import { printOf, readCursor, writeCursor } from "./cursor.ts";
import { readDetail } from "./detail.ts";
import { readFacets } from "./facets.ts";
import { findLocal, findRefs } from "./find-ref.ts";
import { countGroups } from "./groups.ts";
import type { IssueCard } from "./issue-card.ts";
import { makePlan } from "./plan.ts";
import { orderOf } from "./sort-order.ts";
import { openFinder } from "./windows.ts";

/** `due`: pending search entries, written before a search. `fewMatches`: see `openFinder`. */
export function boardStore(database: Database, due: Pick<DueEntries, "settle">, fewMatches?: number): BoardStore {
  const read = async <T>(filter: IssueFilter, work: (db: Trx) => Promise<T>): Promise<T> => {
    if (filter.q !== undefined) await due.settle();
    return database.read(work);
  };
  return {
    columns: ({ filter, sort, limit, me }) =>
      read(filter, async (db) => {
        const plan = await makePlan(db, filter, me);
        const order = orderOf(sort, plan.match !== null);
        const finder = await openFinder(db, plan, order, fewMatches);
        const windows = [];
        // Fetch one more than is shown to know whether there are more.
        const first = await finder.firstOfEach(limit + 1);
        for (const [index, status] of statuses.entries()) {
          const places = first.get(index) ?? [];
          const shown = places.slice(0, limit);
          const last = places.length > limit ? shown.at(-1) : undefined;
          const print = printOf({ ...filter, status: [status] }, sort);
          windows.push({
            status,
            ids: shown.map((place) => place.id),
            total: finder.count(index),
            cursor: last ? writeCursor(order, print, last) : null,
          });
        }
        const cards = await readCards(
          db,
          plan.sources,
          windows.flatMap((window) => window.ids),
        );
        const byId = new Map(cards.map((card) => [card.id, card]));
        return windows.map(({ status, ids, total, cursor }) => ({
          status,
          issues: ids.map((id) => byId.get(id)).filter((card): card is IssueCard => card !== undefined),
          total,
          cursor,
        }));
      }),
    issues: ({ filter, sort, limit, cursor, me }) =>
      read(filter, async (db) => {
        const plan = await makePlan(db, filter, me);
        const order = orderOf(sort, plan.match !== null);
        const print = printOf(filter, sort);
        const after = cursor === null ? null : readCursor(order, print, cursor);
        const finder = await openFinder(db, plan, order, fewMatches);
        const places = await finder.first(limit + 1, after);
        const shown = places.slice(0, limit);
        const last = places.length > limit ? shown.at(-1) : undefined;
        return {
          issues: await readCards(
            db,
            plan.sources,
            shown.map((place) => place.id),
          ),
          total: statuses.reduce((sum, _, index) => sum + finder.count(index), 0),
          byStatus: forEachStatus((_, index) => finder.count(index)),
          cursor: last ? writeCursor(order, print, last) : null,
        };
      }),
    groups: ({ filter, grouping, me }) =>
      read(filter, async (db) => countGroups(db, await makePlan(db, filter, me), grouping)),
    total: () => database.read(async (db) => (await makePlan(db, {}, {})).mirrored),
    find: (...refs) => (refs.length === 0 ? Promise.resolve([]) : database.peek((db) => findRefs(db, refs))),
    findLocal: (ref) => database.read((db) => findLocal(db, ref)),
    card: (id) => database.read((db) => readCard(db, id)),
    detail: (id) => database.read((db) => readDetail(db, id)),
    facets: () => database.read((db) => readFacets(db)),
  };
}
