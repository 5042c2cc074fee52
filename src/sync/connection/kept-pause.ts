import { createHash } from "node:crypto";
import createDebug from "debug";
import type { Clock } from "../../domain/clock.ts";
import type { ConnectionConfig } from "../../domain/credentials.ts";
import { toPanopticonError } from "../../domain/error.ts";
import type { SourceStore, StoredPause } from "../../store/store.ts";
import type { HttpMonitor } from "../../trackers/http/http-client.ts";

const debug = createDebug("sync");

/** A rate limit's pause of a connection, kept across restarts. */
export type KeptPause = {
  /** The end of the pause that an earlier process was told to keep, or null. */
  until(): number | null;
  /** Applies the pause to a newly opened client, and stores the pauses it is told. */
  follow(monitor: HttpMonitor): void;
  /** Resolves when all pauses so far are stored. */
  saved(): Promise<void>;
};

export function createKeptPause(options: {
  readonly config: ConnectionConfig;
  readonly stored: StoredPause | null;
  readonly sources: Pick<SourceStore, "savePause">;
  readonly clock: Clock;
}): KeptPause {
  const { config, stored, sources, clock } = options;
  const until = () => pauseEnd(config, stored, clock.now());
  let saving: Promise<void> = Promise.resolve();

  async function save(end: number, before: Promise<void>): Promise<void> {
    await before;
    try {
      await sources.savePause(config.id, { until: end, at: clock.now(), of: markOf(config) });
    } catch (error) {
      // The disk is full: this process still observes the limit.
      debug("%s: the limit could not be kept: %s", config.id, toPanopticonError(error).message);
    }
  }

  return {
    until,
    follow(monitor) {
      const end = until();
      if (end !== null) monitor.pauseUntil(end);
      monitor.onPause((next) => {
        saving = save(next, saving);
      });
    },
    saved: () => saving,
  };
}

/**
 * When a stored pause ends, on this machine's clock; null: it is over, or was for other credentials. If the clock was set back since, it lasts no longer than
 * its original duration.
 */
export function pauseEnd(
  connection: Pick<ConnectionConfig, "values">,
  stored: StoredPause | null | undefined,
  now: number,
): number | null {
  if (stored == null || stored.of !== markOf(connection)) return null;
  const end = now < stored.at ? now + (stored.until - stored.at) : stored.until;
  return end > now ? end : null;
}

/** A hash that identifies server and credentials without revealing them. */
function markOf({ values }: Pick<ConnectionConfig, "values">): string {
  const sorted = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex").slice(0, 16);
}
