import type { SyncEngine, SyncEvent } from "../../sync/sync-engine.ts";
import { groupDigits } from "./describe-time.ts";
import type { Output } from "./output.ts";
import { plainLine } from "./plain-text.ts";

type Progress = Extract<SyncEvent, { type: "progress" }>;

/** Below this a run is over before anyone could read a line about it. */
const worthALine = 200;

/**
 * Shows how far the syncs of an engine are, on standard error, until `end`: on a terminal one line that changes, elsewhere one line
 * when a source is done. Small runs (polls) are not shown; `meanwhile` stands there where nothing else does.
 */
export function followProgress(
  out: Output,
  sync: Pick<SyncEngine, "on">,
  meanwhile: string | null = null,
): { end(): void } {
  out.status(meanwhile);
  const running = new Map<string, Progress>();
  const off = sync.on((event) => {
    if (event.type !== "progress") return;
    const before = running.get(event.source);
    if (event.finished) {
      running.delete(event.source);
      const done = Math.max(event.done, before?.done ?? 0);
      if (done >= worthALine) out.note(`${plainLine(event.source)}: ${amount({ ...event, done, total: null })} read`);
    } else {
      running.set(event.source, event);
    }
    const shown = [...running.values()].filter(({ done, total }) => Math.max(done, total ?? 0) >= worthALine);
    out.status(
      shown.length === 0 ? meanwhile : shown.map((one) => `${plainLine(one.source)} ${amount(one)}`).join(" · "),
    );
  });
  return {
    end() {
      off();
      out.status(null);
    },
  };
}

/** `1,200 of about 4,000`; the tracker's own total is an estimate. */
export function amount({ done, total }: { readonly done: number; readonly total: number | null }): string {
  const read = groupDigits(done);
  return total === null || total < done ? read : `${read} of about ${groupDigits(total)}`;
}
