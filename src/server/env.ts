import type { HttpBindings } from "@hono/node-server";

/** What handlers find in Hono's context. */
export type ServerEnv = {
  Bindings: HttpBindings;
  Variables: {
    /** The request came from a page of ours, or by hand; false: from a program. */
    fromBrowser: boolean;
    signedIn: boolean;
  };
};
