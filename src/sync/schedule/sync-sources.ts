import type { SourceState, TurnResult } from "./source-state.ts";
import type { SyncResult } from "../sync-engine.ts";

/** The number of sources of one connection to read concurrently; the HTTP client limits the requests themselves. */
export const sourcesAtOnce = 3;

/** Runs a fresh turn of each source, a few concurrently, and sums up the results. Throws when `signal` is aborted. */
export async function syncSources(
  states: readonly SourceState[],
  launch: (state: SourceState) => Promise<TurnResult>,
  signal: AbortSignal,
): Promise<Omit<SyncResult, "requests">> {
  let [changed, removed] = [0, 0];
  const failures: SyncResult["failures"][number][] = [];
  const queue = [...states];
  const work = async () => {
    for (let state = queue.shift(); state !== undefined; state = queue.shift()) {
      // A running turn started before this call and may already have passed what the caller wants to see.
      if (state.running !== null) await state.running;
      const outcome = await launch(state);
      changed += outcome.changed;
      removed += outcome.removed;
      if (outcome.error !== null) failures.push({ source: state.row.config.id, error: outcome.error });
    }
  };
  await Promise.all(Array.from({ length: Math.min(sourcesAtOnce, states.length) }, work));
  signal.throwIfAborted();
  return { changed, removed, failures };
}
