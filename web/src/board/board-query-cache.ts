import { keepPreviousData, queryOptions, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";
import type { Status } from "../../../src/domain/status.ts";
import { api } from "../api/endpoints.ts";
import { queryKeys } from "../api/queries.ts";
import { markRead, readTime } from "../api/read-times.ts";
import { formatQuery, queryParams, type BoardQuery } from "../filter/board-query.ts";
import { appendWindow, shareCards, type BoardData, type ColumnData } from "./board-data.ts";

/** Cards of a column that come with the board, and in each further window. */
const firstWindow = 40;
const nextWindow = 100;
const largestWindow = 1000;

/** How many cards of a column the user has come to see; a refresh reads as many again and drops the rest. */
export type Needs = Map<Status, number>;

function withLimit(params: URLSearchParams, limit: number, cursor?: string | null): URLSearchParams {
  params.set("limit", String(limit));
  if (cursor != null) params.set("cursor", cursor);
  return params;
}

/** Reads the rest of a column that has been scrolled into, so that a refresh does not pull it from under the user. */
async function readOn(query: BoardQuery, column: ColumnData, needed: number, signal: AbortSignal): Promise<ColumnData> {
  let { issues, cursor, total } = column;
  while (cursor !== null && issues.length < needed) {
    const limit = Math.min(Math.max(needed - issues.length, nextWindow), largestWindow);
    const window = await api.issues(withLimit(queryParams(query, column.status), limit, cursor), signal);
    issues = [...issues, ...window.issues];
    cursor = window.cursor;
    total = window.total;
  }
  return { status: column.status, issues, cursor, total };
}

function share(previous: BoardData | undefined, next: BoardData): BoardData {
  const shared = shareCards(previous, next);
  // The very board of before is as new as what was just read.
  return markRead(shared, Math.max(readTime(next), shared === previous ? readTime(previous) : 0));
}

/** The board under a filter: counts and the loaded part of every column. */
export function boardQuery(query: BoardQuery, needs: Needs) {
  return queryOptions({
    queryKey: [...queryKeys.boards, formatQuery(query)],
    queryFn: async ({ signal }): Promise<BoardData> => {
      const askedAt = performance.now();
      const board = await api.board(withLimit(queryParams(query), firstWindow), signal);
      const columns = await Promise.all(
        board.columns.map((column) => readOn(query, column, needs.get(column.status) ?? 0, signal)),
      );
      const { sequence, total, mirrored, notMirrored } = board;
      return markRead({ sequence, columns, total, mirrored, notMirrored }, askedAt);
    },
    structuralSharing: (previous, next) => share(previous as BoardData | undefined, next as BoardData),
    placeholderData: keepPreviousData,
  });
}

/** Loads the next window of a column, if there is one. Throws ApiError. */
export async function loadMore(client: QueryClient, query: BoardQuery, status: Status): Promise<void> {
  const key = [...queryKeys.boards, formatQuery(query)];
  const cursor = client.getQueryData<BoardData>(key)?.columns.find((column) => column.status === status)?.cursor;
  if (cursor == null) return;
  const window = await api.issues(withLimit(queryParams(query, status), nextWindow, cursor));
  client.setQueryData<BoardData>(
    key,
    (board) => board && markRead(appendWindow(board, status, cursor, window), readTime(board)),
  );
}

/** The board as it is loaded, without asking for it. */
export function useLoadedBoard(query: BoardQuery): BoardData | undefined {
  const client = useQueryClient();
  const subscribe = useCallback((listener: () => void) => client.getQueryCache().subscribe(listener), [client]);
  return useSyncExternalStore(subscribe, () =>
    client.getQueryData<BoardData>([...queryKeys.boards, formatQuery(query)]),
  );
}
