import { useLayoutEffect, useState, useSyncExternalStore } from "react";

let open = 0;
const listeners = new Set<() => void>();

function count(by: 1 | -1): void {
  open += by;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Counts the dialog that calls it among those on the screen, as long as it is there. */
export function useCountedDialog(): void {
  useLayoutEffect(() => {
    count(1);
    return () => count(-1);
  }, []);
}

/** False until no dialog is on the screen, then true for good: what lies below dialogs does not come over one that was quicker. */
export function useIsFirstInPlace(): boolean {
  const isFree = useSyncExternalStore(subscribe, () => open === 0);
  const [had, setHad] = useState(isFree);
  if (isFree && !had) setHad(true);
  return had;
}
