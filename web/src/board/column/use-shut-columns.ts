import { useCallback, useSyncExternalStore } from "react";
import type { Grouping } from "../../../../src/domain/grouping.ts";
import { readKept, writeKept } from "../../ui/kept-text.ts";

type Place = "board" | "list";

const listeners = new Set<() => void>();
/** Collapsed columns read or set on this page, by storage key. */
const known = new Map<string, ReadonlySet<string>>();

/** Statuses keep the storage key from before there were other groupings. */
function storageKey(place: Place, grouping: Grouping): string {
  return place === "board" && grouping === "status" ? "panopticon.shut" : `panopticon.shut.${place}.${grouping}`;
}

function stored(place: Place, grouping: Grouping): ReadonlySet<string> {
  const written = readKept(storageKey(place, grouping));
  if (written !== null) return new Set(written.split("\n").filter((line) => line !== ""));
  return new Set(grouping === "status" && place === "board" ? ["canceled"] : []);
}

function shutColumns(place: Place, grouping: Grouping): ReadonlySet<string> {
  const key = storageKey(place, grouping);
  const shut = known.get(key) ?? stored(place, grouping);
  known.set(key, shut);
  return shut;
}

function keep(place: Place, grouping: Grouping, shut: ReadonlySet<string>): void {
  const key = storageKey(place, grouping);
  known.set(key, shut);
  writeKept(key, [...shut].join("\n"));
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

type ShutColumns = {
  readonly shut: ReadonlySet<string>;
  readonly toggle: (group: string) => void;
  /** Sets all collapsed columns at once. */
  readonly set: (shut: ReadonlySet<string>) => void;
};

/** Which columns, or sections of the list, are collapsed; kept for later visits. */
export function useShutColumns(place: Place, grouping: Grouping): ShutColumns {
  const shut = useSyncExternalStore(subscribe, () => shutColumns(place, grouping));
  const set = useCallback((after: ReadonlySet<string>) => keep(place, grouping, after), [place, grouping]);
  const toggle = useCallback(
    (group: string) => {
      const after = new Set(shutColumns(place, grouping));
      if (!after.delete(group)) after.add(group);
      set(after);
    },
    [place, grouping, set],
  );
  return { shut, toggle, set };
}
