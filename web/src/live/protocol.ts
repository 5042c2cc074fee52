import type { ServerEventName, ServerEvents } from "../../../src/server/contract/event.ts";

/** Tabs are not told of heartbeats. */
type ToldEventName = Exclude<ServerEventName, "heartbeat">;

/** What a browser's single stream sends to every tab. */
export type LiveMessage =
  | {
      readonly [N in ToldEventName]: { readonly kind: "event"; readonly name: N; readonly data: ServerEvents[N] };
    }[ToldEventName]
  /**
   * Sent to a tab that joins a running stream: the change log's position, null while unknown; and when the last event that asks for a read came, in
   * milliseconds since 1970, null if none came. Data the tab read before then may be outdated, and no event will tell it again.
   */
  | { readonly kind: "joined"; readonly sequence: number | null; readonly lastAt: number | null }
  /** `open`: events arrive. `lost`: disconnected, reconnecting. */
  | { readonly kind: "state"; readonly state: "open" | "lost" };

export const eventNames: readonly ToldEventName[] = [
  "change",
  "reload",
  "tracker",
  "progress",
  "config",
  "workspace",
  "agent",
  "view",
];
