import type { ChangeBy } from "../changes/changes.ts";
import type { HttpBindings } from "@hono/node-server";

/** What handlers find in Hono's context. */
export type ServerEnv = {
  Bindings: HttpBindings;
  Variables: {
    /** The request came from a page of ours, or by hand; false: from a program. */
    fromBrowser: boolean;
    signedIn: boolean;
    /** Who makes a change with this request, whose last change an undo means, and the step that the change is part of. */
    by: Required<ChangeBy>;
  };
};
