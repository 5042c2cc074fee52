/** How long Jira's search may not show a write, in milliseconds. */
const lagMs = 10 * 60 * 1000;
/** So many ids a search reconciles. https://developer.atlassian.com/cloud/jira/platform/search-and-reconcile/ */
const maxReconciled = 50;

/** What this connection wrote lately, so that a search that lags behind neither hides it nor takes it back. Times are the server's, in milliseconds. */
export type OwnWrites = {
  /** An issue was written; `updatedAt` is its update time since, where the answer tells. */
  remember(id: string, updatedAt?: number): void;
  /** An issue was read by itself: never from the search's past. */
  sawFresh(id: string, updatedAt: number): void;
  /** The ids that a search has to reconcile, the latest first. */
  recent(): readonly number[];
  /** Whether a search shows an issue as it was before this connection's own write. */
  isStale(id: string, updatedAt: number): boolean;
};

export function createOwnWrites(serverNow: () => number): OwnWrites {
  const writes = new Map<string, { readonly at: number; readonly updatedAt: number }>();

  function forget(): void {
    const since = serverNow() - lagMs;
    for (const [id, { at }] of writes) if (at < since) writes.delete(id);
  }

  return {
    remember(id, updatedAt = 0) {
      forget();
      const known = writes.get(id)?.updatedAt ?? 0;
      // Last in, so that the latest come last.
      writes.delete(id);
      writes.set(id, { at: serverNow(), updatedAt: Math.max(known, updatedAt) });
    },
    sawFresh(id, updatedAt) {
      const known = writes.get(id);
      if (known !== undefined) writes.set(id, { at: known.at, updatedAt: Math.max(known.updatedAt, updatedAt) });
    },
    recent() {
      forget();
      return [...writes.keys()]
        .filter((id) => /^\d{1,15}$/.test(id))
        .slice(-maxReconciled)
        .reverse()
        .map(Number);
    },
    isStale(id, updatedAt) {
      forget();
      return updatedAt < (writes.get(id)?.updatedAt ?? 0);
    },
  };
}
