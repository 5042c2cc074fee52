/** The largest page size. */
const maxAtOnce = "1000";

/**
 * Fetches all pages of a list from a running server and returns each item once, in its last seen version. `more` holds additional query parameters. A server of
 * an older version, still running after an upgrade, returns the whole list without a cursor.
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
    // An item may move from one page to another between requests.
    for (const item of itemsOf(page)) items.set(item.id, item);
    if (typeof page.cursor !== "string") return [...items.values()];
    query.set("cursor", page.cursor);
  }
}
