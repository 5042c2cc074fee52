/** A page holds at most so many. */
const maxAtOnce = "1000";

/**
 * All items of a list that a running server gives in pages, each once and as it was seen last; `more`: what else is asked for. A server of an older
 * version, which still runs after an upgrade, gives the whole list without a cursor.
 */
export async function fetchPages<
  Page extends { readonly cursor?: string | null },
  Item extends { readonly id: unknown },
>(
  get: (query: URLSearchParams) => Promise<Page>,
  itemsOf: (page: Page) => readonly Item[],
  more: Readonly<Record<string, string>> = {},
): Promise<Item[]> {
  const query = new URLSearchParams({ ...more, limit: maxAtOnce });
  const items = new Map<unknown, Item>();
  for (;;) {
    const page = await get(query);
    // Between two pages an item may move.
    for (const item of itemsOf(page)) items.set(item.id, item);
    if (typeof page.cursor !== "string") return [...items.values()];
    query.set("cursor", page.cursor);
  }
}
