import type { SourceState, TurnResult } from "./source-state.ts";
import type { SyncResult } from "../sync-engine.ts";

/** Sources of one connection that are read side by side; the HTTP client bounds the requests themselves. */
export const sourcesAtOnce = 3;

/** Takes a turn of each source that begins now, a few at once, and sums up what they brought. Throws when `signal` is aborted. */
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
      // What is under way began before this call and may have passed what the caller wants to see.
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
