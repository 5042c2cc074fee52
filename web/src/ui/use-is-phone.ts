import { useSyncExternalStore } from "react";

/** A hook that tells whether the window is at most so many pixels wide. */
function widthHook(maxPixels: number): () => boolean {
  const query = matchMedia(`(max-width: ${maxPixels}px)`);
  const subscribe = (listener: () => void) => {
    query.addEventListener("change", listener);
    return () => query.removeEventListener("change", listener);
  };
  return () => useSyncExternalStore(subscribe, () => query.matches);
}

/** Whether the page is as narrow as on a phone: nothing is dragged there. */
export const useIsPhone = widthHook(719);

/** Whether a bar with all of its buttons is wider than the page. */
export const useIsNarrow = widthHook(939);
