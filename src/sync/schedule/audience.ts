import type { Clock } from "../../domain/clock.ts";
import type { Store } from "../../store/store.ts";
import type { Audience } from "./source-schedule.ts";
import type { SyncEngine } from "../sync-engine.ts";

export type LiveAudience = Audience & {
  readonly watch: SyncEngine["watch"];
  /** Sets the user's minimum polling interval, which always applies; 0: none. */
  setMinInterval(ms: number): void;
};

/** Tracks who is watching the board and issues. Calls `onMore` when a new watch starts. */
export function createAudience(options: {
  readonly store: Store;
  readonly clock: Clock;
  readonly onMore: () => void;
}): LiveAudience {
  const { store, clock, onMore } = options;
  const boards = new Set<symbol>();
  /** The number of open panels by source id. */
  const openSources = new Map<number, number>();
  let lastSeenAt: number | null = null;
  let minIntervalMs = 0;

  function watchBoard(): () => void {
    const watcher = Symbol("board");
    boards.add(watcher);
    onMore();
    return () => {
      if (boards.delete(watcher)) lastSeenAt = clock.now();
    };
  }

  function watchIssue(issueId: number): () => void {
    let ended = false;
    let sourceId: number | null = null;
    void store.board.detail(issueId).then(
      (issue) => {
        if (ended) return;
        sourceId = issue.sourceId;
        openSources.set(sourceId, (openSources.get(sourceId) ?? 0) + 1);
        onMore();
      },
      // An issue that is gone needs no watch.
      () => undefined,
    );
    return () => {
      if (!ended && sourceId !== null) openSources.set(sourceId, (openSources.get(sourceId) ?? 1) - 1);
      ended = true;
    };
  }

  return {
    boardVisible: () => boards.size > 0,
    lastSeenAt: () => (boards.size > 0 ? clock.now() : lastSeenAt),
    isSourceOpen: (sourceId) => (openSources.get(sourceId) ?? 0) > 0,
    minIntervalMs: () => minIntervalMs,
    setMinInterval(ms) {
      minIntervalMs = ms;
    },
    watch: (what) => ("board" in what ? watchBoard() : watchIssue(what.issueId)),
  };
}
