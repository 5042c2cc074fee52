import { useEffect, useLayoutEffect, useState } from "react";

let open = 0;
const listeners = new Set<() => void>();

function count(by: 1 | -1): void {
  open += by;
  for (const listener of listeners) listener();
}

/** Calls back once no dialog is open, immediately if none is. Returns a function that cancels the wait. */
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

/** Counts the calling dialog as open while it is mounted. */
export function useCountedDialog(): void {
  useLayoutEffect(() => {
    count(1);
    return () => count(-1);
  }, []);
}

/** False until no dialog is open, then true for good, so that an overlay that loads slowly does not open over a dialog that was faster. */
export function useIsFirstInPlace(): boolean {
  const [isFirst, setIsFirst] = useState(false);
  // In an effect, after dialogs of the same commit were counted; otherwise each would hide the other.
  useEffect(() => whenNoneIsOpen(() => setIsFirst(true)), []);
  return isFirst;
}
