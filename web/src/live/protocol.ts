import type { ServerEventName, ServerEvents } from "../../../src/server/contract/event.ts";

/** Heartbeats are the stream's own affair. */
type ToldEventName = Exclude<ServerEventName, "heartbeat">;

/** What the one stream of a browser tells every tab. */
export type LiveMessage =
  | {
      readonly [N in ToldEventName]: { readonly kind: "event"; readonly name: N; readonly data: ServerEvents[N] };
    }[ToldEventName]
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
