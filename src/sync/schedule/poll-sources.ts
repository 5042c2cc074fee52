import type { Clock } from "../../domain/clock.ts";
import { createClockWatch } from "./clock-watch.ts";
import { type ConnectionState, probeAt } from "../connection/connection-state.ts";
import type { SourceState } from "./source-state.ts";
import { sourcesAtOnce } from "./sync-sources.ts";

/** The loop that runs the turns of a connection's sources when they are due. */
export type Polling = {
  /** Checks again what is due. */
  wakeUp(): void;
  /** Runs until `signal` is aborted. */
  run(signal: AbortSignal): Promise<void>;
};

export function createPolling(options: {
  readonly connection: ConnectionState;
  readonly clock: Clock;
  /** Starts a turn; the source is `running` when it returns. */
  readonly launch: (state: SourceState) => void;
  readonly onClockSetBack: (byMs: number) => Promise<void>;
}): Polling {
  const { connection, clock, launch, onClockSetBack } = options;
  let wake = new AbortController();

  /** Starts due turns and returns when the next one is due; Infinity if only the end of a turn can tell. */
  function launchDue(): number {
    const now = clock.now();
    const waiting = [...connection.sources.values()]
      .filter((state) => state.running === null)
      .sort((a, b) => a.dueAt - b.dueAt);
    if (connection.trouble?.code === "auth") return probe(waiting[0], now);
    for (const state of waiting) {
      if (state.dueAt > now || connection.running >= sourcesAtOnce) break;
      launch(state);
    }
    if (connection.running >= sourcesAtOnce) return Infinity;
    return waiting.find((state) => state.running === null)?.dueAt ?? Infinity;
  }

  /** Refused credentials affect all sources, so one source probes for all; a running turn serves as the probe. */
  function probe(state: SourceState | undefined, now: number): number {
    if (state === undefined || connection.running > 0) return Infinity;
    const at = probeAt(connection) ?? state.dueAt;
    if (at > now) return at;
    launch(state);
    return Infinity;
  }

  return {
    wakeUp: () => wake.abort(),
    async run(signal) {
      const watch = createClockWatch(clock);
      while (!signal.aborted) {
        const byMs = watch.setBackMs();
        if (byMs > 0) await onClockSetBack(byMs);
        const next = launchDue();
        wake = new AbortController();
        await watch.sleep(next - clock.now(), AbortSignal.any([wake.signal, signal]));
      }
    },
  };
}
