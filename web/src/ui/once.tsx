import { useEffect } from "react";

/** Does something when it is drawn first. */
export function Once({ work }: { readonly work: () => void }) {
  useEffect(work, [work]);
  return null;
}
