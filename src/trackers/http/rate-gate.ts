import type { Clock } from "../../domain/clock.ts";
import type { PanopticonError } from "../../domain/error.ts";
import { abortError } from "../../domain/abort-error.ts";
import type { HttpPolicy } from "./http-client.ts";
import { limitReached } from "./limit-reached.ts";

/** Admits the requests of one connection in order of arrival: a limited number at once, and none before its allowed time. */
export type RateGate = {
  /**
   * Waits for a slot and returns the function that releases it. Throws `rate_limited` with `retryAt` if the pause lasts longer than `patienceMs`, and `busy`
   * when the signal aborts.
   */
  enter(options: { readonly patienceMs: number; readonly signal?: AbortSignal | undefined }): Promise<() => void>;
  /** Admits nothing before `at`, in milliseconds of the clock. Never shortens an existing pause. */
  pauseUntil(at: number): void;
  pausedUntil(): number | null;
  /** Calls the listener for every pause that lasts longer than the previous ones. */
  onPause(listener: (until: number) => void): void;
  /** This machine's clock was set back by `byMs`; pauses keep their length. */
  clockSetBack(byMs: number): void;
};

type Waiter = { readonly patienceMs: number; admit(): void; refuse(error: PanopticonError): void };

/** A server cannot impose a longer wait than this; the next request will tell. */
export const longestPauseMs = 24 * 60 * 60 * 1000;

export function createRateGate(options: {
  readonly clock: Clock;
  readonly concurrency: number;
  readonly policy: Pick<HttpPolicy, "tracker" | "label">;
}): RateGate {
  const { clock, concurrency, policy } = options;
  const queue: Waiter[] = [];
  const listeners: ((until: number) => void)[] = [];
  let active = 0;
  let until = 0;
  let alarm: AbortController | null = null;

  function pump(): void {
    const now = clock.now();
    if (now < until) {
      for (let index = queue.length - 1; index >= 0; index--) {
        const waiter = queue[index];
        if (waiter !== undefined && until - now > waiter.patienceMs) {
          queue.splice(index, 1);
          waiter.refuse(limitReached(policy, until));
        }
      }
      if (queue.length > 0) ringAt(until);
    } else {
      while (active < concurrency) {
        const waiter = queue.shift();
        if (waiter === undefined) break;
        active += 1;
        waiter.admit();
      }
    }
    if (queue.length === 0) alarm?.abort();
  }

  function ringAt(time: number): void {
    if (alarm !== null) return;
    const own = new AbortController();
    alarm = own;
    const ring = () => {
      alarm = null;
      pump();
    };
    clock.sleep(Math.max(1, time - clock.now()), own.signal).then(ring, () => {
      // Aborted because no waiter was left; another may have arrived since.
      alarm = null;
      if (queue.length > 0) pump();
    });
  }

  return {
    enter({ patienceMs, signal }) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(abortError(signal));
          return;
        }
        const onAbort = () => {
          const index = queue.indexOf(waiter);
          if (index >= 0) queue.splice(index, 1);
          if (signal) reject(abortError(signal));
          pump();
        };
        const settle = () => signal?.removeEventListener("abort", onAbort);
        const leave = () => {
          active -= 1;
          pump();
        };
        const waiter: Waiter = {
          patienceMs,
          admit() {
            settle();
            resolve(leave);
          },
          refuse(error) {
            settle();
            reject(error);
          },
        };
        signal?.addEventListener("abort", onAbort, { once: true });
        queue.push(waiter);
        pump();
      });
    },
    pauseUntil(at) {
      const now = clock.now();
      const next = Math.min(at, now + longestPauseMs);
      if (next <= until) return;
      until = next;
      if (until > now) for (const listener of listeners) listener(until);
      pump();
    },
    onPause(listener) {
      listeners.push(listener);
    },
    pausedUntil: () => (until > clock.now() ? until : null),
    clockSetBack(byMs) {
      until -= byMs;
      pump();
    },
  };
}
