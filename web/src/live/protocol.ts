import type { ServerEventName, ServerEvents } from "../../../src/server/contract/event.ts";

/** Heartbeats are the stream's own affair. */
type ToldEventName = Exclude<ServerEventName, "heartbeat">;

/** What the one stream of a browser tells every tab. */
export type LiveMessage =
  | {
      readonly [N in ToldEventName]: { readonly kind: "event"; readonly name: N; readonly data: ServerEvents[N] };
    }[ToldEventName]
  /**
   * What a tab is told that joins a stream others listen to already: where the change log stands, null where that is not known yet; and when the last event came that
   * asks for a read, in milliseconds since 1970, null where none came yet. What the tab has read before then may be behind, and nobody tells it again.
   */
  | { readonly kind: "joined"; readonly sequence: number | null; readonly lastAt: number | null }
  /** `open`: events arrive. `lost`: no connection, one is tried again and again. */
  | { readonly kind: "state"; readonly state: "open" | "lost" };

export const eventNames: readonly ToldEventName[] = [
  "change",
  "reload",
  "tracker",
  "progress",
  "config",
  "workspace",
  "agent",
];
