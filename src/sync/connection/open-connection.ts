import type { HttpMonitor } from "../../trackers/http/http-client.ts";
import type { TrackerConnection, WritingCapabilities } from "../../trackers/tracker.ts";

/** An open connection: the tracker client and a monitor of its traffic. */
export type OpenConnection = {
  readonly connection: TrackerConnection;
  readonly monitor: HttpMonitor;
  readonly server: string;
  /** Limits for sending changes. */
  readonly writing: Pick<WritingCapabilities, "concurrency" | "lagMs">;
  /** How far the tracker's clock is ahead of this machine's, from its last response. */
  readonly serverAheadMs?: (() => number) | undefined;
};
