import type { SyncEngine, SyncEvent } from "../../sync/sync-engine.ts";
import { groupDigits } from "./describe-time.ts";
import type { Output } from "./output.ts";
import { plainLine } from "../../domain/plain-text.ts";

type Progress = Extract<SyncEvent, { type: "progress" }>;

/** Smaller syncs end before a line about them could be read. */
const worthALine = 200;

/**
 * Shows the progress of an engine's syncs on standard error until `end`: one changing line on a terminal, otherwise one line per finished source. Small syncs
 * (polls) are not shown; `meanwhile` is shown when nothing else is.
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

/** `1,200 of about 4,000`; the tracker's total is an estimate. */
export function amount({ done, total }: { readonly done: number; readonly total: number | null }): string {
  const read = groupDigits(done);
  return total === null || total < done ? read : `${read} of about ${groupDigits(total)}`;
}
