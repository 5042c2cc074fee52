import { useEffect } from "react";

/** Runs `work` on mount. */
export function Once({ work }: { readonly work: () => void }) {
  useEffect(work, [work]);
  return null;
}
