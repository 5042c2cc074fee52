import type { HttpMonitor } from "../../trackers/http/http-client.ts";
import type { TrackerConnection, WritingCapabilities } from "../../trackers/tracker.ts";

/** A connection that was opened: what speaks to the tracker, and what can be known of the traffic. */
export type OpenConnection = {
  readonly connection: TrackerConnection;
  readonly monitor: HttpMonitor;
  readonly server: string;
  /** What sending changes has to keep to. */
  readonly writing: Pick<WritingCapabilities, "concurrency" | "lagMs">;
  /** How far the tracker's clock is ahead of this machine's, as its last answer told. */
  readonly serverAheadMs?: (() => number) | undefined;
};
