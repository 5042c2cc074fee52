import type { Emulator } from "./emulator.ts";
import type { HookRegistry } from "./server/hook-registry.ts";
import type { WireHandler, WireReply, WireRequest } from "./server/http-server.ts";
import type { WebhookDialect } from "./server/webhooks.ts";

/** One tracker's emulator, before it has an address. */
export type EmulatorDefinition = {
  readonly tracker: string;
  create(parts: {
    /** For example `http://127.0.0.1:4100`. */
    readonly origin: string;
    readonly options: {
      readonly issues: number;
      readonly seed: number;
      readonly closed: number;
      readonly sources: number;
      readonly budget: number | undefined;
      readonly largestPage: number | undefined;
      readonly variant: string | undefined;
    };
    readonly now: () => number;
    readonly hooks: HookRegistry;
  }): Pick<Emulator, "url" | "credentials" | "otherCredentials" | "weakCredentials" | "sources" | "world"> & {
    readonly handle: WireHandler;
    readonly dialect: WebhookDialect;
    /** Serves pages and pictures that records link to; null: the request is for the API. */
    readonly page: (request: WireRequest) => WireReply | null;
  };
};
