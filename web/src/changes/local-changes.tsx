import { useQuery } from "@tanstack/react-query";
import { createContext, useContext, useMemo, useState, useSyncExternalStore, type ReactNode } from "react";
import type { IssueDetailShape } from "../../../src/server/contract/issue.ts";
import { issueQuery, trackersQuery } from "../api/queries.ts";
import { markRead, readTime } from "../api/read-times.ts";
import { cardKey, type BoardData } from "../board/data/board-data.ts";
import { keyNow } from "../board/data/new-names.ts";
import type { BoardQuery } from "../filter/board-query.ts";
import { changeBoard } from "./change-board.ts";
import { createChangeStore, type ChangeStore } from "./change-store.ts";
import { layOver, type LocalChange } from "./local-change.ts";

const LocalChangesContext = createContext<ChangeStore>(createChangeStore());

/** Provides the store of the user's optimistic changes. */
export function LocalChanges({ children }: { readonly children: ReactNode }) {
  const [store] = useState(() => createChangeStore());
  return <LocalChangesContext value={store}>{children}</LocalChangesContext>;
}

export function useChangeStore(): ChangeStore {
  return useContext(LocalChangesContext);
}

export function useLocalChanges(): readonly LocalChange[] {
  const store = useChangeStore();
  return useSyncExternalStore(store.subscribe, store.get);
}

/** `tracker:login` of the user's own accounts. */
export function useMine(): ReadonlySet<string> {
  const trackers = useQuery(trackersQuery).data?.trackers;
  return useMemo(
    () => new Set(trackers?.flatMap(({ id, account }) => (account === null ? [] : [`${id}:${account.login}`]))),
    [trackers],
  );
}

/** A board with the user's optimistic changes applied. */
export function useShownBoard(board: BoardData | undefined, query: BoardQuery): BoardData | undefined {
  const changes = useLocalChanges();
  const mine = useMine();
  return useMemo(
    () => board && (changes.length === 0 ? board : changeBoard(board, changes, readTime(board), { query, mine })),
    [board, changes, query, mine],
  );
}

/** The query result of an issue, with the user's optimistic changes applied. */
export function useShownIssue(ref: string) {
  const issue = useQuery(issueQuery(ref));
  const changes = useLocalChanges();
  const data = useMemo<IssueDetailShape | undefined>(() => {
    if (issue.data === undefined) return undefined;
    // The data may be older than the issue's name, or newer.
    const key = keyNow(cardKey(issue.data));
    const own = changes.filter((change) => keyNow(change.key) === key);
    const readAt = readTime(issue.data);
    return markRead(layOver(issue.data, own, readAt), readAt);
  }, [issue.data, changes]);
  return { data, error: issue.error, refetch: issue.refetch };
}
