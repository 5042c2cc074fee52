import { sql } from "kysely";
import type { RawBuilder } from "kysely";
import type { Sort } from "../../domain/filter.ts";

/** What an issue is ordered by. */
export type Place = {
  readonly id: number;
  readonly urgency: number;
  readonly updated_at: number;
  readonly created_at: number;
  readonly manual_rank: number;
  /** How well it fits the searched text; absent where that is not asked for. */
  readonly score?: number;
};

export type SortColumn = keyof Place;

/** An order of the board: columns that all run the same way, the id last, so that every issue has its own place. */
export type Order = { readonly columns: readonly SortColumn[]; readonly descending: boolean };

/** Whether issues are ordered by how well they fit the searched text. */
export function isByRelevance({ columns }: Order): boolean {
  return columns.includes("score");
}

/** `manual` is where people have placed issues, the newest first where they have not. `relevance` is the order of updates where nothing is searched for. */
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

/** `order by` for the rows of the given alias. */
export function orderBy(order: Order, alias: string): RawBuilder<unknown> {
  const direction = sql.raw(order.descending ? "desc" : "asc");
  return sql.join(order.columns.map((column) => sql`${sql.ref(`${alias}.${column}`)} ${direction}`));
}

/** Condition on `i` for what comes after a place. */
export function isAfter(order: Order, place: readonly number[]): RawBuilder<boolean> {
  const columns = sql.join(order.columns.map((column) => sql.ref(`i.${column}`)));
  return sql`(${columns}) ${sql.raw(order.descending ? "<" : ">")} (${sql.join([...place])})`;
}
