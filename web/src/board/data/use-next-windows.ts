import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import type { BoardQuery } from "../../filter/board-query.ts";
import { loadMore } from "./board-query-cache.ts";

/** A window that failed to load, and how often it was retried. */
export type WindowFailure = { readonly error: unknown; readonly retries: number };

export type NextWindows = {
  /** Loads the next window of a column, unless it is already loading. */
  readonly load: (group: string) => void;
  /** By group. A column with a failure loads nothing more except on retry. */
  readonly failures: Failures;
};

type Failures = ReadonlyMap<string, WindowFailure>;

const none: Failures = new Map();

/** Loads further windows of a board's columns. */
export function useNextWindows(query: BoardQuery): NextWindows {
  const client = useQueryClient();
  const [failed, setFailed] = useState({ query, failures: none });
  const load = useCallback(
    (group: string) => {
      /** Failures of another filter are discarded. */
      const change = (next: (failures: Failures) => Failures) =>
        setFailed((before) => {
          const failures = before.query === query ? before.failures : none;
          const changed = next(failures);
          return changed === failures ? before : { query, failures: changed };
        });
      loadMore(client, query, group).then(
        () => change((failures) => (failures.has(group) ? without(failures, group) : failures)),
        (error: unknown) =>
          change((failures) => {
            const last = failures.get(group);
            // Concurrent callers get the same error; count it once.
            if (last?.error === error) return failures;
            return new Map(failures).set(group, { error, retries: last === undefined ? 0 : last.retries + 1 });
          }),
      );
    },
    [client, query],
  );
  return { load, failures: failed.query === query ? failed.failures : none };
}

function without(failures: Failures, group: string): Failures {
  return new Map([...failures].filter(([other]) => other !== group));
}
