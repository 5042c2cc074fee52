import { useSyncExternalStore } from "react";

/** Returns a hook that tells whether the window is at most this wide. */
function widthHook(maxPixels: number): () => boolean {
  const query = matchMedia(`(max-width: ${maxPixels}px)`);
  const subscribe = (listener: () => void) => {
    query.addEventListener("change", listener);
    return () => query.removeEventListener("change", listener);
  };
  return () => useSyncExternalStore(subscribe, () => query.matches);
}

/** Whether the page is as narrow as a phone, where dragging is off. */
export const useIsPhone = widthHook(719);

/** Whether the page is too narrow for a bar with all its buttons. */
export const useIsNarrow = widthHook(939);
