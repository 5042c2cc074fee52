import type { HistoryEntry, Store } from "../../store/store.ts";

/** One page of an issue's changes, newest first. */
export type HistoryPage = {
  readonly entries: readonly HistoryEntry[];
  /** The true number of all of them. */
  readonly total: number;
  /** The start of the next page; null on the last one. */
  readonly cursor: string | null;
};

/** Reads a page of an issue's changes. A cursor names the last entry that was read, so that newer ones, which come meanwhile, move nothing. */
export async function readHistoryPage(
  store: Pick<Store, "history">,
  issueId: number,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<HistoryPage> {
  const after = cursor === undefined ? {} : parseHistoryCursor(cursor);
  const [found, total] = await Promise.all([
    // One more, which says whether there is a next page.
    store.history.list({ issueId, limit: limit + 1, ...after }),
    store.history.total({ issueId }),
  ]);
  const entries = found.slice(0, limit);
  const last = entries.at(-1);
  return { entries, total, cursor: last === undefined || found.length <= limit ? null : historyCursor(last) };
}

/** A time and an id, because many entries may have the same time. */
export function historyCursor({ at, id }: HistoryEntry): string {
  return `${at}.${id}`;
}

/** What `historyCursor` wrote. */
export function parseHistoryCursor(cursor: string): { before: number; beforeId: number } {
  const [before = 0, beforeId = 0] = cursor.split(".").map(Number);
  return { before, beforeId };
}
