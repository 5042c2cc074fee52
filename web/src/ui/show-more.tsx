import { useState, type ReactNode } from "react";
import { formatCount } from "./time.ts";

/** How many are shown at first, and how many more each time. */
const usual = 50;

/**
 * The first items of a list that may be long, such as a thousand comments, and a button that shows more of them; null if all are shown. `total`: with those
 * that are not loaded. `showAlso` shows as many more.
 */
export function useShowMore<T>(
  items: readonly T[],
  atOnce = usual,
  total = items.length,
): { readonly shown: readonly T[]; readonly more: ReactNode; readonly showAlso: (count: number) => void } {
  const [most, setMost] = useState(atOnce);
  const left = items.length - most;
  const showAlso = (count: number) => setMost((before) => before + count);
  return {
    shown: left > 0 ? items.slice(0, most) : items,
    more:
      left > 0 ? (
        <button type="button" className="button" data-kind="quiet" onClick={() => showAlso(atOnce)}>
          Show {formatCount(Math.min(left, atOnce))} more of {formatCount(total)}
        </button>
      ) : null,
    showAlso,
  };
}
