import type { SyncEngine } from "../../sync/sync-engine.ts";

/** Remembers what pages are displaying, until they report something else or their lease expires. */
export type Watching = {
  /** How long a report is valid. */
  readonly leaseMs: number;
  say(client: string, seen: { readonly board: boolean; readonly issueId: number | null }): void;
  stop(): void;
};

const maxClients = 1000;

export function createWatching(sync: Pick<SyncEngine, "watch">, leaseMs = 60_000): Watching {
  type Watch = { readonly key: string; readonly end: () => void; timer: NodeJS.Timeout };
  const watches = new Map<string, Watch>();

  function end(client: string): void {
    const watch = watches.get(client);
    if (watch === undefined) return;
    watches.delete(client);
    clearTimeout(watch.timer);
    watch.end();
  }

  function lease(client: string): NodeJS.Timeout {
    return setTimeout(() => end(client), leaseMs).unref();
  }

  return {
    leaseMs,
    say(client, { board, issueId }) {
      const key = `${board} ${issueId}`;
      const before = watches.get(client);
      if (before?.key === key) {
        clearTimeout(before.timer);
        before.timer = lease(client);
        return;
      }
      const ends: (() => void)[] = [];
      if (board) ends.push(sync.watch({ board: true }));
      if (issueId !== null) ends.push(sync.watch({ issueId }));
      // The new watch starts before the old one ends, so that nothing pauses in between.
      end(client);
      if (ends.length === 0) return;
      const oldest = watches.size >= maxClients ? watches.keys().next().value : undefined;
      if (oldest !== undefined) end(oldest);
      watches.set(client, { key, end: () => ends.forEach((stop) => stop()), timer: lease(client) });
    },
    stop() {
      for (const client of watches.keys()) end(client);
    },
  };
}
