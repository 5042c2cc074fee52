import { createSharedAsking } from "../../domain/shared-asking.ts";

/** How long an answer serves other projects: as long as a first sync takes to describe many of them at a time, and short enough that none misses a new word for long. */
const sharedMs = 60_000;

/**
 * Reads something that all projects of a workspace have in common, or returns what another project has just read. A project that asks again gets news: it asks
 * because an hour has passed, or because it has met something unknown. Callers must not modify the answer.
 */
export type ShareWords = <T>(
  key: string,
  project: string,
  ask: (signal?: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
) => Promise<T>;

type Given = { readonly answer: unknown; readonly at: number; readonly projects: Set<string> };

/** `now`: milliseconds on any clock. */
export function createShareWords(now: () => number): ShareWords {
  const share = createSharedAsking();
  const kept = new Map<string, Given>();
  return async function shareWords<T>(
    key: string,
    project: string,
    ask: (signal?: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const at = now();
    const last = kept.get(key);
    const isFresh = last !== undefined && Math.abs(at - last.at) < sharedMs && !last.projects.has(project);
    const answer = isFresh ? last.answer : await share(key, ask, signal);
    const own = kept.get(key);
    if (own !== undefined && own.answer === answer) own.projects.add(project);
    else kept.set(key, { answer, at, projects: new Set([project]) });
    // The same key has the same `ask`, so the answer has its type.
    return answer as T;
  };
}
