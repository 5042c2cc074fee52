import type { Clock } from "../../domain/clock.ts";
import type { Store } from "../../store/store.ts";
import type { WebhookHint } from "../../trackers/tracker.ts";
import type { SourceSchedule } from "../schedule/source-schedule.ts";
import type { SourceState } from "../schedule/source-state.ts";
import type { HintQueue } from "./hint-queue.ts";

/**
 * Handles the webhook hints of one connection: reads a named issue alone, and polls the source at once for anything else. Returns how many of the hints concern
 * a mirrored source.
 */
export async function hearHints(
  told: readonly WebhookHint[],
  parts: {
    readonly states: readonly SourceState[];
    readonly store: Pick<Store, "mirror" | "sources">;
    readonly clock: Clock;
    readonly schedule: Pick<SourceSchedule, "lookSoon" | "pollLess">;
    readonly queue: Pick<HintQueue, "add">;
  },
): Promise<number> {
  const { states, store, clock, schedule, queue } = parts;
  let mirrored = 0;
  for (const hint of told) {
    const meant = await sourcesOf(hint, states, store);
    if (meant.length > 0) mirrored += 1;
    for (const state of meant) {
      state.webhook.heardAt = clock.now();
      schedule.pollLess(state);
      const { issue } = hint;
      // An unknown issue, somewhere in these sources: poll their lists to find it.
      if (issue === null || (hint.sourceId === null && meant.length > 1)) {
        if (issue === null) await store.sources.saveSync(state.row.id, { describedAt: null });
        schedule.lookSoon(state, clock.now());
      } else {
        queue.add(state, issue, hint);
      }
    }
  }
  return mirrored;
}

/** The sources that a hint concerns: the one it names, else those that have the issue, else all. */
async function sourcesOf(
  { sourceId, issue }: WebhookHint,
  all: readonly SourceState[],
  { mirror }: Pick<Store, "mirror">,
): Promise<readonly SourceState[]> {
  if (sourceId !== null) return all.filter(({ row }) => row.info?.id === sourceId);
  if (issue === null) return all;
  const having = [];
  for (const state of all) {
    if ((await mirror.missing(state.row.id, [issue.nativeId])).length === 0) having.push(state);
  }
  return having.length > 0 ? having : all;
}
