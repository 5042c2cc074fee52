import type { Clock } from "../../domain/clock.ts";

/** What is being sent, one operation of an issue at a time, and the issues that are left alone for a while. */
export type WorkInHand = {
  readonly size: () => number;
  /** Whether an issue's next operation has to wait, for the one that is on its way or for its rest. */
  isTaken(issueId: number): boolean;
  /** `work` must not reject. `then` is called when it is done. */
  take(issueId: number, work: Promise<void>, then?: () => void): void;
  /** Leaves an issue alone for so long, or until the signal ends it. */
  rest(issueId: number, ms: number, signal: AbortSignal): void;
  /** Resolves when any of it is done; at once where there is none. */
  any(): Promise<void>;
  all(): Promise<void>;
};

/** `onFree` is called whenever an issue's next operation may go. */
export function createWorkInHand({
  clock,
  onFree,
}: {
  readonly clock: Clock;
  readonly onFree: () => void;
}): WorkInHand {
  const active = new Map<number, Promise<void>>();
  const resting = new Set<number>();
  return {
    size: () => active.size,
    isTaken: (issueId) => active.has(issueId) || resting.has(issueId),
    take(issueId, work, then) {
      const done = work.finally(() => {
        active.delete(issueId);
        then?.();
        onFree();
      });
      active.set(issueId, done);
    },
    rest(issueId, ms, signal) {
      resting.add(issueId);
      const end = () => {
        resting.delete(issueId);
        onFree();
      };
      clock.sleep(ms, signal).then(end, end);
    },
    async any() {
      if (active.size > 0) await Promise.race(active.values());
    },
    async all() {
      await Promise.all(active.values());
    },
  };
}
