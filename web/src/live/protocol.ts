import type { ServerEventName, ServerEvents } from "../../../src/server/contract/event.ts";

/** What the one stream of a browser tells every tab. */
export type LiveMessage =
  | {
      readonly [N in ServerEventName]: { readonly kind: "event"; readonly name: N; readonly data: ServerEvents[N] };
    }[ServerEventName]
  /** `open`: events arrive. `lost`: no connection, one is tried again and again. */
  | { readonly kind: "state"; readonly state: "open" | "lost" };

export const eventNames: readonly ServerEventName[] = [
  "change",
  "reload",
  "tracker",
  "progress",
  "config",
  "workspace",
  "agent",
];
