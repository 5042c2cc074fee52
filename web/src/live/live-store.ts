import { createContext, useContext, useSyncExternalStore } from "react";
import type { ServerEvents } from "../../../src/server/contract/event.ts";
import { createHold, type Hold } from "./hold.ts";

/** What the page knows from the event stream besides the data itself. */
export type LiveState = {
  readonly connection: "connecting" | "open" | "lost";
  /** When the connection was lost, in milliseconds; null while connected. */
  readonly lostAt: number | null;
  /** The server now serves a different build of the dashboard. */
  readonly outdated: boolean;
  /** Running syncs, by source. */
  readonly progress: readonly ServerEvents["progress"][];
  /** Keys of cards that changed a moment ago. */
  readonly fresh: ReadonlySet<string>;
  /** The last change in words, for screen readers. */
  readonly announcement: string;
};

export type LiveStore = {
  readonly get: () => LiveState;
  readonly set: (part: Partial<LiveState>) => void;
  readonly subscribe: (listener: () => void) => () => void;
  /** Held while the user drags cards; nothing on the page is refetched meanwhile. */
  readonly hold: Hold;
};

export function createLiveStore(): LiveStore {
  let state: LiveState = {
    connection: "connecting",
    lostAt: null,
    outdated: false,
    progress: [],
    fresh: new Set(),
    announcement: "",
  };
  const listeners = new Set<() => void>();
  return {
    hold: createHold(),
    get: () => state,
    set: (part) => {
      state = { ...state, ...part };
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const LiveContext = createContext<LiveStore>(createLiveStore());

/** One part of the live state; the component re-renders when that part changes. */
export function useLive<K extends keyof LiveState>(part: K): LiveState[K] {
  const store = useContext(LiveContext);
  return useSyncExternalStore(store.subscribe, () => store.get()[part]);
}
