import type { Clock } from "../domain/clock.ts";
import type { ConnectionConfig } from "../domain/credentials.ts";
import { PanopticonError } from "../domain/error.ts";
import type { OpenConnection } from "../sync/connection/open-connection.ts";
import { createHttpClient } from "../trackers/http/create-http-client.ts";
import { lookForSources } from "../trackers/look-for-sources.ts";
import { findTracker, trackers } from "../trackers/registry.ts";
import type { TrackerDefinition } from "../trackers/tracker.ts";
import { validateCredentials } from "../trackers/validate.ts";
import type { App } from "./app.ts";
import { keepSecret } from "./secret-guard.ts";

type SourcesToFind = Parameters<typeof lookForSources>[0];

/** The trackers, bound to this process: its clock, its user agent, and masking of their secrets in output. */
export type ReachedTrackers = {
  /** Throws `invalid_input`, listing the trackers. */
  get(id: string): TrackerDefinition;
  /** Throws `invalid_input` for unusable values. */
  open(connection: ConnectionConfig): OpenConnection;
  readonly validate: App["validate"];
  /** Checks which sources exist; see `lookForSources`. */
  look(sources: SourcesToFind, connections: readonly ConnectionConfig[]): ReturnType<typeof lookForSources>;
};

/** `userAgent`: sent to every tracker. `deadlineMs`: per attempt of a request. */
export function composeTrackers(options: {
  readonly clock: Clock;
  readonly userAgent: string;
  readonly deadlineMs: number | undefined;
}): ReachedTrackers {
  const { clock, userAgent, deadlineMs } = options;
  const get = (id: string) => {
    const tracker = findTracker(id);
    if (tracker !== undefined) return tracker;
    throw new PanopticonError("invalid_input", `There is no tracker called ${id}.`, {
      hint: `Available: ${trackers.map((known) => known.id).join(", ")}.`,
    });
  };
  return {
    get,
    open(connection) {
      const tracker = get(connection.tracker);
      keepSecret(...tracker.http.secretValues.map((name) => connection.values[name]));
      const { client, monitor } = createHttpClient({
        policy: tracker.http,
        values: connection.values,
        clock,
        userAgent,
        ...(deadlineMs === undefined ? {} : { deadlineMs }),
      });
      return {
        connection: tracker.connect(client),
        monitor,
        server: client.baseUrl,
        writing: tracker.writing,
        serverAheadMs: () => client.serverNow() - clock.now(),
      };
    },
    validate: (tracker, values, signal) => validateCredentials(get(tracker), values, { clock, userAgent, signal }),
    look: (sources, connections) => lookForSources(sources, { trackers, connections, clock, userAgent }),
  };
}
