import type { ChangeBy } from "../changes/changes.ts";
import type { HttpBindings } from "@hono/node-server";

/** The contents of Hono's context for handlers. */
export type ServerEnv = {
  Bindings: HttpBindings;
  Variables: {
    /** Whether the request came from our own page or the address bar; false: from a program. */
    fromBrowser: boolean;
    signedIn: boolean;
    /** Who makes a change with this request, whose last change an undo applies to, and the step that the change is part of. */
    by: Required<ChangeBy>;
  };
};
