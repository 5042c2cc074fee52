import { useCallback, useState } from "react";
import { isStatus, type Status } from "../../../src/domain/status.ts";

const storageKey = "panopticon.shut";

function stored(): ReadonlySet<Status> {
  try {
    const written = localStorage.getItem(storageKey);
    if (written !== null) return new Set(written.split(",").filter(isStatus));
  } catch (error) {
    // Storage is forbidden: the usual columns are open.
    console.debug(error);
  }
  return new Set<Status>(["canceled"]);
}

/** Which columns are collapsed; kept for the next visit. */
export function useShutColumns(): { shut: ReadonlySet<Status>; toggle: (status: Status) => void } {
  const [shut, setShut] = useState(stored);
  const toggle = useCallback((status: Status) => {
    setShut((before) => {
      const after = new Set(before);
      if (!after.delete(status)) after.add(status);
      try {
        localStorage.setItem(storageKey, [...after].join(","));
      } catch (error) {
        console.debug(error);
      }
      return after;
    });
  }, []);
  return { shut, toggle };
}
