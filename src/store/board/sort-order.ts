import { sql } from "kysely";
import type { RawBuilder } from "kysely";
import type { Sort } from "../../domain/filter.ts";

/** The values that an issue is ordered by. */
export type Place = {
  readonly id: number;
  readonly urgency: number;
  readonly updated_at: number;
  readonly created_at: number;
  readonly manual_rank: number;
  /** Its relevance to the search text; absent if not needed. */
  readonly score?: number;
};

export type SortColumn = keyof Place;

/** A sort order of the board: columns that all have the same direction, the id last, so that every issue has a unique place. */
export type Order = { readonly columns: readonly SortColumn[]; readonly descending: boolean };

/** Whether issues are ordered by relevance to the search text. */
export function isByRelevance({ columns }: Order): boolean {
  return columns.includes("score");
}

/** `manual` is the order set by hand, newest first for issues that were not placed. Without a search, `relevance` is the order of updates. */
export function orderOf(sort: Sort, isSearch: boolean): Order {
  const columns: Record<Sort["key"], readonly SortColumn[]> = {
    priority: ["urgency", "updated_at", "id"],
    updated: ["updated_at", "id"],
    created: ["created_at", "id"],
    manual: ["manual_rank", "id"],
    relevance: isSearch ? ["score", "updated_at", "id"] : ["updated_at", "id"],
  };
  return { columns: columns[sort.key], descending: !sort.reverse };
}

/** The `order by` list for rows of the given alias. */
export function orderBy(order: Order, alias: string): RawBuilder<unknown> {
  const direction = sql.raw(order.descending ? "desc" : "asc");
  return sql.join(order.columns.map((column) => sql`${sql.ref(`${alias}.${column}`)} ${direction}`));
}

/** A condition on `i` for rows after a place. */
export function isAfter(order: Order, place: readonly number[]): RawBuilder<boolean> {
  const columns = sql.join(order.columns.map((column) => sql.ref(`i.${column}`)));
  return sql`(${columns}) ${sql.raw(order.descending ? "<" : ">")} (${sql.join([...place])})`;
}
