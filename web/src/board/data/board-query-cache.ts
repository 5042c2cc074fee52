import { keepPreviousData, queryOptions, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";
import type { BoardShape } from "../../../../src/server/contract/issue.ts";
import { api } from "../../api/endpoints.ts";
import { takeFirstAnswer } from "../../api/first-reads.ts";
import { queryKeys } from "../../api/queries.ts";
import { markRead, readTime } from "../../api/read-times.ts";
import { foldName } from "../../../../src/domain/fold-name.ts";
import { formatQuery, parseQuery, queryParams, type BoardQuery } from "../../filter/board-query.ts";
import type { Grouping } from "../../../../src/domain/grouping.ts";
import { learnNames } from "./new-names.ts";
import { narrowed, possibleGroups } from "./possible-groups.ts";
import { appendWindow, fromTop, shareCards, withWindow, type BoardData, type ColumnData } from "./board-data.ts";

/** Cards per column in the first response, which fill the screen, and in each further window. */
const firstWindow = 20;
const nextWindow = 100;
const largestWindow = 1000;
/** Groups whose first window is read at once: more than fit on a screen. */
const readAtOnce = 12;

/** How many cards of each column have been scrolled into view; a refresh reloads that many and drops the rest. */
export type Needs = Map<string, number>;

function withLimit(params: URLSearchParams, limit: number, cursor?: string | null): URLSearchParams {
  params.set("limit", String(limit));
  if (cursor != null && cursor !== fromTop) params.set("cursor", cursor);
  return params;
}

/** Loads at least `needed` issues of a column, if it has them, so that a refresh keeps the rows the user scrolled to. Throws ApiError. */
export async function readOn(
  query: BoardQuery,
  column: ColumnData,
  needed: number,
  signal: AbortSignal,
): Promise<ColumnData> {
  let read = column;
  while (read.cursor !== null && read.issues.length < needed) {
    const limit = Math.min(Math.max(needed - read.issues.length, nextWindow), largestWindow);
    const window = await api.issues(withLimit(queryParams(narrowed(query), column.group), limit, read.cursor), signal);
    read = withWindow(read, [...read.issues, ...window.issues], window);
  }
  return read;
}

function share(previous: BoardData | undefined, next: BoardData): BoardData {
  const shared = shareCards(previous, next);
  // An unchanged board is as recent as the response that confirmed it.
  return markRead(shared, Math.max(readTime(next), shared === previous ? readTime(previous) : 0));
}

/** The board for a filter: counts and the loaded part of every column. */
export function boardQuery(query: BoardQuery, needs: Needs) {
  return queryOptions({
    queryKey: [...queryKeys.boards, formatQuery(query)],
    queryFn: async ({ signal, client }): Promise<BoardData> => {
      const askedAt = performance.now();
      const isByStatus = query.group === "status";
      // For other groupings, the board endpoint is needed for the totals only.
      const board = await api.board(withLimit(queryParams(query), isByStatus ? firstWindow : 1), signal);
      const first = isByStatus ? byStatus(board) : await readGroups(client, query, needs, signal);
      const columns = await Promise.all(
        first.map((column) => readOn(query, column, needs.get(column.group) ?? 0, signal)),
      );
      await learnNames(
        columns.flatMap(({ issues }) => issues),
        (address) => api.issue(address, { signal }),
      );
      return markRead(toBoardData(board, query.group, columns), askedAt);
    },
    structuralSharing: (previous, next) => share(previous as BoardData | undefined, next as BoardData),
    placeholderData: keepPreviousData,
  });
}

function toBoardData(board: BoardShape, grouping: Grouping, columns: readonly ColumnData[]): BoardData {
  const { sequence, total, mirrored, notMirrored } = board;
  return { sequence, grouping, columns, total, mirrored, notMirrored };
}

function byStatus(board: BoardShape): readonly ColumnData[] {
  return board.columns.map(({ status, ...column }) => ({ group: status, byStatus: null, ...column }));
}

/** Seeds the cache with the board that `start.js` requested, if it has arrived, so that the first render shows it. Returns whether it did. */
export function seedBoard(client: QueryClient, search: string): boolean {
  const { query } = parseQuery(search);
  if (query.group !== "status") return false;
  const first = takeFirstAnswer(`/api/board?${withLimit(queryParams(query), firstWindow)}`);
  if (first === undefined) return false;
  const board = first.content as BoardShape;
  const data = toBoardData(board, "status", byStatus(board));
  client.setQueryData<BoardData>([...queryKeys.boards, formatQuery(query)], markRead(data, first.askedAt));
  return true;
}

/** Every group that has issues; with the first window of those that are seen first, or were seen: there may be hundreds of people. */
async function readGroups(
  client: QueryClient,
  query: BoardQuery,
  needs: Needs,
  signal: AbortSignal,
): Promise<readonly ColumnData[]> {
  const params = queryParams(narrowed(query));
  params.set("by", query.group);
  const [groups, counted] = await Promise.all([possibleGroups(client, query), api.groups(params, signal)]);
  const counts = new Map(counted.groups.map((one) => [foldName(one.group), one]));
  const columns = groups.flatMap((group): ColumnData[] => {
    const found = counts.get(foldName(group));
    return found === undefined
      ? []
      : [{ group, issues: [], total: found.total, byStatus: found.byStatus, cursor: fromTop }];
  });
  return Promise.all(
    columns.map(async (column, index) => {
      if (index >= readAtOnce && (needs.get(column.group) ?? 0) === 0) return column;
      const params = queryParams(narrowed(query), column.group);
      const window = await api.issues(withLimit(params, firstWindow), signal);
      return withWindow(column, window.issues, window);
    }),
  );
}

/** Windows being loaded, by request. */
const underWay = new Map<string, Promise<void>>();

/** Loads the next window of a column, if there is one; concurrent calls share one request. Rejects with ApiError. */
export function loadMore(client: QueryClient, query: BoardQuery, group: string): Promise<void> {
  const key = [...queryKeys.boards, formatQuery(query)];
  const cursor = client.getQueryData<BoardData>(key)?.columns.find((column) => column.group === group)?.cursor;
  if (cursor == null) return Promise.resolve();
  const limit = cursor === fromTop ? firstWindow : nextWindow;
  const params = withLimit(queryParams(narrowed(query), group), limit, cursor);
  const before = underWay.get(params.toString());
  if (before !== undefined) return before;
  const load = loadWindow(client, key, { group, cursor, params }).finally(() => underWay.delete(params.toString()));
  underWay.set(params.toString(), load);
  return load;
}

type NextWindow = { readonly group: string; readonly cursor: string; readonly params: URLSearchParams };

async function loadWindow(
  client: QueryClient,
  key: readonly string[],
  { group, cursor, params }: NextWindow,
): Promise<void> {
  const window = await api.issues(params);
  client.setQueryData<BoardData>(
    key,
    (board) => board && markRead(appendWindow(board, group, cursor, window), readTime(board)),
  );
}

/** The cached board, without fetching it. */
export function useLoadedBoard(query: BoardQuery): BoardData | undefined {
  const client = useQueryClient();
  const subscribe = useCallback((listener: () => void) => client.getQueryCache().subscribe(listener), [client]);
  return useSyncExternalStore(subscribe, () =>
    client.getQueryData<BoardData>([...queryKeys.boards, formatQuery(query)]),
  );
}
