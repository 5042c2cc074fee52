/** One page of a list that is in memory, the total length, and the start of the next page; null on the last page. */
export type Page<Item> = { readonly items: readonly Item[]; readonly total: number; readonly cursor: string | null };

/**
 * A cursor contains the number of items up to the page's end and the id of the last one, so that entries that leave the list meanwhile, as in the outbox, do
 * not cause later ones to be skipped.
 */
export function pageOf<Item>(
  all: readonly Item[],
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
  idOf: (item: Item) => string,
): Page<Item> {
  const start = cursor === undefined ? 0 : findStart(all, cursor, idOf);
  const items = all.slice(start, start + limit);
  const last = items.at(-1);
  const end = start + items.length;
  return {
    items,
    total: all.length,
    cursor: last === undefined || end >= all.length ? null : `${end}.${idOf(last)}`,
  };
}

function findStart<Item>(all: readonly Item[], cursor: string, idOf: (item: Item) => string): number {
  const dot = cursor.indexOf(".");
  const place = all.findIndex((item) => idOf(item) === cursor.slice(dot + 1));
  return place === -1 ? Math.max(0, Number(cursor.slice(0, dot)) - 1) : place + 1;
}
