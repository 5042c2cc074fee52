import type { Clock } from "../../domain/clock.ts";

/** Operations being sent, one per issue, and issues that are paused for a while. */
export type WorkInHand = {
  readonly size: () => number;
  /** Whether an issue's next operation must wait, for the one in flight or for the pause to end. */
  isTaken(issueId: number): boolean;
  /** `work` must not reject. `then` is called when it finishes. */
  take(issueId: number, work: Promise<void>, then?: () => void): void;
  /** Pauses an issue for `ms`, or until the signal is aborted. */
  rest(issueId: number, ms: number, signal: AbortSignal): void;
  /** Resolves when any work finishes; at once if there is none. */
  any(): Promise<void>;
  all(): Promise<void>;
};

/** `onFree` is called whenever an issue is ready for its next operation. */
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
