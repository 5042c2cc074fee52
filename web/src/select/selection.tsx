import { createContext, useContext, useMemo, useState, useSyncExternalStore, type ReactNode } from "react";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { cardKey } from "../board/data/board-data.ts";

/** The selected issues by card key, in order of selection, as they were then. */
export type Selection = ReadonlyMap<string, IssueShape>;

type SelectionStore = {
  readonly get: () => Selection;
  readonly subscribe: (listener: () => void) => () => void;
  readonly toggle: (issue: IssueShape) => void;
  /** Selects everything from the last selected issue to this one, in the given order. */
  readonly extendTo: (issue: IssueShape, order: readonly IssueShape[]) => void;
  readonly add: (issues: readonly IssueShape[]) => void;
  readonly remove: (keys: ReadonlySet<string>) => void;
  readonly clear: () => void;
};

function createSelection(): SelectionStore {
  let selection: Selection = new Map();
  let anchor: string | null = null;
  const listeners = new Set<() => void>();
  const set = (next: Selection) => {
    selection = next;
    if (next.size === 0) anchor = null;
    for (const listener of listeners) listener();
  };
  const add = (issues: readonly IssueShape[]) =>
    set(new Map([...selection, ...issues.map((issue): [string, IssueShape] => [cardKey(issue), issue])]));
  const remove = (keys: ReadonlySet<string>) => set(new Map([...selection].filter(([key]) => !keys.has(key))));
  return {
    get: () => selection,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    toggle: (issue) => {
      const key = cardKey(issue);
      if (selection.has(key)) remove(new Set([key]));
      else add([issue]);
      anchor = key;
    },
    extendTo: (issue, order) => {
      const to = order.findIndex((other) => cardKey(other) === cardKey(issue));
      const from = order.findIndex((other) => cardKey(other) === anchor);
      add(from < 0 || to < 0 ? [issue] : order.slice(Math.min(from, to), Math.max(from, to) + 1));
      if (from < 0) anchor = cardKey(issue);
    },
    add,
    remove,
    clear: () => {
      if (selection.size > 0) set(new Map());
    },
  };
}

const SelectionContext = createContext<SelectionStore>(createSelection());

/** Provides the selection, which the board and the list share. */
export function SelectionProvider({ children }: { readonly children: ReactNode }) {
  const [store] = useState(createSelection);
  return <SelectionContext value={store}>{children}</SelectionContext>;
}

export function useSelectionStore(): SelectionStore {
  return useContext(SelectionContext);
}

export function useSelection(): Selection {
  const store = useContext(SelectionContext);
  return useSyncExternalStore(store.subscribe, store.get);
}

/** The selected keys; the same set while the selection is unchanged. */
export function useSelectedKeys(): ReadonlySet<string> {
  const selection = useSelection();
  return useMemo(() => new Set(selection.keys()), [selection]);
}
