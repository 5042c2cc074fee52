import { useEffect, useLayoutEffect, useState } from "react";

let open = 0;
const listeners = new Set<() => void>();

function count(by: 1 | -1): void {
  open += by;
  for (const listener of listeners) listener();
}

/** Calls once no dialog is on the screen: at once, or when the last one is gone. Returns how to stop waiting. */
function whenNoneIsOpen(call: () => void): () => void {
  const look = (): void => {
    if (open > 0) return;
    listeners.delete(look);
    call();
  };
  listeners.add(look);
  look();
  return () => listeners.delete(look);
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
  const [isFirst, setIsFirst] = useState(false);
  // In an effect, when dialogs that are drawn in the same commit are counted: each of the two would hide the other.
  useEffect(() => whenNoneIsOpen(() => setIsFirst(true)), []);
  return isFirst;
}
