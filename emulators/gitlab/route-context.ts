import type { HookRegistry } from "../server/hook-registry.ts";
import type { Account } from "./access.ts";
import type { Edition } from "./edition.ts";
import type { GitLabState } from "./state.ts";
import type { Wire } from "./wire.ts";

/** What routes need, once the token is known. */
export type RouteContext = {
  readonly state: GitLabState;
  readonly wire: Wire;
  readonly account: Account;
  readonly edition: Edition;
  readonly hooks: HookRegistry;
  /** The API's URL: `http://127.0.0.1:4100/api/v4`. */
  readonly api: string;
};
