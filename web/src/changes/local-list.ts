import { keyNow } from "../board/data/new-names.ts";
import { useMemo, useSyncExternalStore } from "react";

/** How long to keep answered changes, in milliseconds; data read before them may be cached as long. */
const rememberedMs = 10 * 60_000;

/** An optimistic change to one of an issue's lists that cached data may not include yet. */
type Local<T> = {
  /** See `cardKey`. */
  readonly issue: string;
  readonly change: T;
  /** When the response arrived, by `performance.now()`; null: not yet. Anything read later includes the change. */
  readonly answeredAt: number | null;
};

/** A change that was added: the server has accepted it, or it is reverted. */
type Added = { readonly answered: () => void; readonly remove: () => void };

/** Optimistic changes to issues' lists, such as their comments; they outlive the components that show them. */
type LocalList<T> = {
  readonly add: (issue: string, change: T) => Added;
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
    add: (issue, change) => {
      let own: Local<T> = { issue, change, answeredAt: null };
      const oldest = now() - rememberedMs;
      set([...all.filter(({ answeredAt }) => answeredAt === null || answeredAt > oldest), own]);
      return {
        answered: () => {
          const before = own;
          own = { ...before, answeredAt: now() };
          set(all.map((one) => (one === before ? own : one)));
        },
        remove: () => set(all.filter((one) => one !== own)),
      };
    },
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
        .filter((one) => keyNow(one.issue) === keyNow(issue) && (one.answeredAt === null || one.answeredAt > readAt))
        .map(({ change }) => change),
    [all, issue, readAt],
  );
}
