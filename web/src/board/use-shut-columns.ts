import { useCallback, useState } from "react";
import type { Grouping } from "../filter/grouping.ts";

/** Statuses stand under the name they were first kept under. */
function storageKey(place: string, grouping: Grouping): string {
  return place === "board" && grouping === "status" ? "panopticon.shut" : `panopticon.shut.${place}.${grouping}`;
}

function stored(place: string, grouping: Grouping): ReadonlySet<string> {
  try {
    const written = localStorage.getItem(storageKey(place, grouping));
    if (written !== null) return new Set(written.split("\n").flatMap((line) => (line === "" ? [] : [line])));
  } catch (error) {
    // Storage is forbidden: the usual columns are open.
    console.debug(error);
  }
  return new Set(grouping === "status" && place === "board" ? ["canceled"] : []);
}

type ShutColumns = { readonly shut: ReadonlySet<string>; readonly toggle: (group: string) => void };

/** Which columns, or parts of the list, are collapsed; kept for the next visit. */
export function useShutColumns(place: "board" | "list", grouping: Grouping): ShutColumns {
  const [state, setState] = useState(() => ({ grouping, shut: stored(place, grouping) }));
  if (state.grouping !== grouping) setState({ grouping, shut: stored(place, grouping) });
  const toggle = useCallback(
    (group: string) => {
      setState(({ shut }) => {
        const after = new Set(shut);
        if (!after.delete(group)) after.add(group);
        try {
          localStorage.setItem(storageKey(place, grouping), [...after].join("\n"));
        } catch (error) {
          console.debug(error);
        }
        return { grouping, shut: after };
      });
    },
    [place, grouping],
  );
  return { shut: state.shut, toggle };
}
