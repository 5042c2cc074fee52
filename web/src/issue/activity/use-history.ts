import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import type { IssueDetailShape } from "../../../../src/server/contract/issue.ts";
import { type ApiError, toApiError } from "../../api/client.ts";
import { api } from "../../api/endpoints.ts";
import { queryKeys } from "../../api/queries.ts";
import type { HistoryLine } from "./activity-entries.ts";

/** The first press loads this many more; each further one twice as many, so that a history of thousands takes a few. */
const firstLimit = 100;
/** The longest page that the server answers. */
const lastLimit = 1000;

type Part = { readonly cursor: string | null; readonly limit: number };

export type OlderHistory = {
  /** How many are not loaded. */
  readonly left: number;
  /** How many the next press loads. */
  readonly next: number;
  readonly isLoading: boolean;
  readonly error: ApiError | null;
  readonly load: () => void;
};

/** An issue's changes, newest first: those in its answer, and older ones once they are asked for. */
export function useHistory(
  address: string,
  issue: IssueDetailShape,
): { readonly lines: readonly HistoryLine[]; readonly older: OlderHistory } {
  const client = useQueryClient();
  const [isWanted, setIsWanted] = useState(false);
  const start = issue.history.length;
  const queryKey = useMemo(() => [...queryKeys.changes, address], [address]);
  const asked = useInfiniteQuery({
    queryKey,
    // From the newest on, so that nothing is missing between the two when further changes come.
    initialPageParam: { cursor: null, limit: start + firstLimit } as Part,
    queryFn: ({ pageParam, signal }) => api.issueHistory(address, pageParam, signal),
    getNextPageParam: ({ cursor }, pages): Part | null =>
      cursor === null ? null : { cursor, limit: Math.min(firstLimit * 2 ** pages.length, lastLimit) },
    enabled: isWanted,
    gcTime: 0,
  });

  // What was loaded may have been changed, or written, too. A page that is being loaded is not given up for it.
  useEffect(() => {
    client.invalidateQueries({ queryKey }, { cancelRefetch: false }).catch(() => undefined);
  }, [client, queryKey, issue]);

  const pages = asked.data?.pages;
  const lines = useMemo(() => {
    const known = new Set(issue.history.map(({ id }) => id));
    const older = pages?.flatMap(({ history }) => history).filter(({ id }) => !known.has(id)) ?? [];
    return [...issue.history, ...older];
  }, [issue.history, pages]);

  const left = Math.max(0, issue.historyTotal - lines.length);
  return {
    lines,
    older: {
      left,
      next: Math.min(left, firstLimit * 2 ** (pages?.length ?? 0), lastLimit),
      isLoading: asked.isLoading || asked.isFetchingNextPage,
      error: asked.error === null ? null : toApiError(asked.error),
      load: () => {
        if (pages !== undefined) void asked.fetchNextPage();
        else if (isWanted) void asked.refetch();
        else setIsWanted(true);
      },
    },
  };
}
