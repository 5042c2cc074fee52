import { useMemo, useSyncExternalStore } from "react";

/** How long to keep answered changes, in milliseconds; data read before them may be cached as long. */
const rememberedMs = 10 * 60_000;

/** An optimistic change to one of an issue's lists that cached data may not include yet. */
type Local<T> = {
  readonly key: string;
  /** See `cardKey`. */
  readonly issue: string;
  readonly change: T;
  /** When the response arrived, by `performance.now()`; null: not yet. Anything read later includes the change. */
  readonly answeredAt: number | null;
};

/** Optimistic changes to issues' lists, such as their comments; they outlive the components that show them. */
export type LocalList<T> = {
  readonly add: (issue: string, key: string, change: T) => void;
  /** The server has accepted the change. */
  readonly answered: (key: string) => void;
  /** Reverts the change. */
  readonly remove: (key: string) => void;
  /** Data was read, even if it turned out the same. */
  readonly reread: () => void;
  readonly get: () => readonly Local<T>[];
  readonly subscribe: (listener: () => void) => () => void;
};

export function createLocalList<T>(now: () => number = () => performance.now()): LocalList<T> {
  let all: readonly Local<T>[] = [];
  const listeners = new Set<() => void>();
  const set = (next: readonly Local<T>[]) => {
    all = next;
    for (const listener of listeners) listener();
  };
  return {
    add: (issue, key, change) => {
      const oldest = now() - rememberedMs;
      const kept = all.filter(({ answeredAt }) => answeredAt === null || answeredAt > oldest);
      set([...kept, { key, issue, change, answeredAt: null }]);
    },
    answered: (key) => set(all.map((one) => (one.key === key ? { ...one, answeredAt: now() } : one))),
    remove: (key) => set(all.filter((one) => one.key !== key)),
    reread: () => set([...all]),
    get: () => all,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** An issue's changes that data read at `readAt` may lack, in order. */
export function useLocalList<T>(list: LocalList<T>, issue: string, readAt: number): readonly T[] {
  const all = useSyncExternalStore(list.subscribe, list.get);
  return useMemo(
    () =>
      all
        .filter((one) => one.issue === issue && (one.answeredAt === null || one.answeredAt > readAt))
        .map(({ change }) => change),
    [all, issue, readAt],
  );
}
