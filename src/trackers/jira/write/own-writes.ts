/** How long Jira's search may not show a write, in milliseconds. */
const lagMs = 10 * 60 * 1000;
/** The maximum number of ids that a search reconciles. https://developer.atlassian.com/cloud/jira/platform/search-and-reconcile/ */
const maxReconciled = 50;

/** Recent writes of this connection, so that a lagging search neither hides nor reverts them. Times are the server's, in milliseconds. */
export type OwnWrites = {
  /** Records a write; `updatedAt` is the new update time, if the response tells. */
  remember(id: string, updatedAt?: number): void;
  /** Records an issue that was read directly, which never returns an old state. */
  sawFresh(id: string, updatedAt: number): void;
  /** The ids that a search has to reconcile, latest first. */
  recent(): readonly number[];
  /** Whether a search returned an issue as it was before this connection's own write. */
  isStale(id: string, updatedAt: number): boolean;
  /** The server's clock was set back: later update times may be earlier. */
  forgetTimes(): void;
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
      // Keeps the map in order of the writes.
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
    forgetTimes() {
      const at = serverNow();
      for (const id of writes.keys()) writes.set(id, { at, updatedAt: 0 });
    },
  };
}
