import { useSyncExternalStore } from "react";

const phone = matchMedia("(max-width: 719px)");

function subscribe(listener: () => void): () => void {
  phone.addEventListener("change", listener);
  return () => phone.removeEventListener("change", listener);
}

/** Whether the page is as narrow as on a phone: nothing is dragged there. */
export function useIsPhone(): boolean {
  return useSyncExternalStore(subscribe, () => phone.matches);
}
