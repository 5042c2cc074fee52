import type { HookRegistry } from "../server/hook-registry.ts";
import type { Account } from "./access.ts";
import type { GitHubState } from "./state.ts";
import type { Wire } from "./wire.ts";

/** What routes need, once the token is known. */
export type RouteContext = {
  readonly state: GitHubState;
  readonly wire: Wire;
  readonly origin: string;
  readonly account: Account;
  readonly version: string;
  readonly hooks: HookRegistry;
};
