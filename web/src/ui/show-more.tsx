import { useState, type ReactNode } from "react";
import { formatCount } from "./time.ts";

/** How many are shown at first, and how many more each time. */
const usual = 50;

/** The first items of a list that may be long, such as a thousand comments, and a button that shows more of them; null if all are shown. */
export function useShowMore<T>(
  items: readonly T[],
  atOnce = usual,
): { readonly shown: readonly T[]; readonly more: ReactNode } {
  const [most, setMost] = useState(atOnce);
  const left = items.length - most;
  return {
    shown: left > 0 ? items.slice(0, most) : items,
    more:
      left > 0 ? (
        <button type="button" className="button" data-kind="quiet" onClick={() => setMost(most + atOnce)}>
          Show {formatCount(Math.min(left, atOnce))} more of {formatCount(items.length)}
        </button>
      ) : null,
  };
}
