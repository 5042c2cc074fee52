import { abortError } from "./abort-error.ts";

/** Calls `ask`, or shares the answer of the call already in flight for the same `key`. */
export type SharedAsking = <T>(
  key: string,
  ask: (signal?: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
) => Promise<T>;

type Asked = { readonly answer: Promise<unknown>; readonly signal: AbortSignal | undefined };

/**
 * Deduplicates requests that all sources of a connection send when it is opened. Shares only calls in flight and caches nothing, so do not use it for reads
 * whose answer a write in between would change. Callers share the answer object and must not modify it. If the caller that sent the request aborts, one of the
 * others sends it again. Rejects as `ask` does, and with the caller's own abort reason.
 */
export function createSharedAsking(): SharedAsking {
  const underway = new Map<string, Asked>();

  return async function share<T>(
    key: string,
    ask: (signal?: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    for (;;) {
      const asked = underway.get(key);
      if (asked === undefined) {
        const answer = ask(signal);
        underway.set(key, { answer, signal });
        try {
          return await answer;
        } finally {
          underway.delete(key);
        }
      }
      try {
        // Calls with the same key use the same `ask`, so the answer has the same type.
        return (await unlessAborted(asked.answer, signal)) as T;
      } catch (error) {
        if (signal?.aborted === true || asked.signal?.aborted !== true) throw error;
      }
    }
  };
}

async function unlessAborted<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return answer;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(abortError(signal));
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([answer, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
