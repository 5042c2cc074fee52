import { useCallback, useEffect, useRef } from "react";
import { toApiError } from "../../api/client.ts";
import { useNoticeStore } from "../../changes/changes-provider.tsx";
import type { BoardQuery } from "../../filter/board-query.ts";
import { useSelectionStore } from "../../select/selection.tsx";
import type { BoardData } from "../data/board-data.ts";
import { readOn } from "../data/board-query-cache.ts";

/** The server changes no more issues in one go. */
export const maxAtOnce = 1000;

/** Gives a function that selects all issues of a column, those too that are not loaded yet: the first ones, where there are more than can be changed at once. */
export function useSelectColumn(board: BoardData, query: BoardQuery): (group: string) => void {
  const selection = useSelectionStore();
  const notices = useNoticeStore();
  const latest = useRef(board);
  useEffect(() => {
    latest.current = board;
  }, [board]);
  /** Ends when another filter is shown, for which nothing is to be selected any more. */
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
