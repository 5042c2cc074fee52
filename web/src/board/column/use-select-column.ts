import { useCallback, useEffect, useRef } from "react";
import { toApiError } from "../../api/client.ts";
import { useNoticeStore } from "../../changes/changes-provider.tsx";
import type { BoardQuery } from "../../filter/board-query.ts";
import { useSelectionStore } from "../../select/selection.tsx";
import type { BoardData } from "../data/board-data.ts";
import { readOn } from "../data/board-query-cache.ts";

/** The most issues the server changes in one request. */
export const maxAtOnce = 1000;

/** Returns a function that selects all issues of a column, loaded or not, up to the most that can be changed at once. */
export function useSelectColumn(board: BoardData, query: BoardQuery): (group: string) => void {
  const selection = useSelectionStore();
  const notices = useNoticeStore();
  const latest = useRef(board);
  useEffect(() => {
    latest.current = board;
  }, [board]);
  /** Aborted when the filter changes, because nothing should be selected then. */
  const shown = useRef(new AbortController());
  useEffect(() => {
    const filter = new AbortController();
    shown.current = filter;
    return () => filter.abort();
  }, [query]);

  return useCallback(
    (group) => {
      const { signal } = shown.current;
      const column = latest.current.columns.find((one) => one.group === group);
      if (column === undefined) return;
      readOn(query, column, Math.min(column.total, maxAtOnce), signal).then(
        ({ issues }) => {
          if (!signal.aborted) selection.add(issues.slice(0, maxAtOnce));
        },
        (error: unknown) => {
          if (!signal.aborted) notices.fail("Couldn’t select the column", toApiError(error));
        },
      );
    },
    [query, selection, notices],
  );
}
