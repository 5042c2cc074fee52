import type { Account } from "./access.ts";
import type { JiraState } from "./state.ts";
import type { Wire } from "./wire.ts";

/** What routes need, once the account is known. */
export type RouteContext = { readonly state: JiraState; readonly wire: Wire; readonly account: Account };
