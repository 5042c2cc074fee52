import { abortError } from "./abort-error.ts";

/** Asks through `ask`, unless the same (by `key`) is being asked for already: then its answer is given to both. */
export type SharedAsking = <T>(
  key: string,
  ask: (signal?: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
) => Promise<T>;

type Asked = { readonly answer: Promise<unknown>; readonly signal: AbortSignal | undefined };

/**
 * For what sources of one connection have in common and all ask for when it is opened. Only what is on its way is shared, nothing is kept; so it is not for
 * questions that a write in between would answer otherwise. An answer belongs to all who asked: nobody changes it. Who calls off what others wait for, too, leaves it
 * to one of them to ask again. Rejects as `ask` does, and with the reason of one's own signal.
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
        // What is kept under a key was asked for in the same way.
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
