import type { GraphQLError } from "graphql";
import type { WireRequest } from "../server/http-server.ts";
import { keySentAsBearer, notAuthenticated } from "./errors.ts";
import type { Team, User } from "./records.ts";
import type { LinearState } from "./state.ts";

/** The calling account. Personal keys are sent bare, OAuth tokens with `Bearer`. */
export type Account = {
  readonly key: string;
  readonly oauthToken: string;
  readonly user: User;
  readonly sees: (team: Team) => boolean;
  /** Whether the key may write; keys can be read-only. */
  readonly writes: boolean;
};

export type Access = {
  readonly full: Account;
  readonly other: Account;
  readonly weak: Account;
  identify(request: WireRequest): Account | GraphQLError;
};

export function createAccess(state: LinearState): Access {
  const [first, second, third] = state.users;
  if (!first || !second || !third) throw new Error("The seed has too few users.");
  const account = (name: string, user: User, sees: (team: Team) => boolean, writes = true): Account => ({
    key: `lin_api_emulator_${name}`,
    oauthToken: `lin_oauth_emulator_${name}`,
    user,
    sees: (team) => !team.isHidden && sees(team),
    writes,
  });
  const full = account("full", first, () => true);
  const other = account("other", second, () => true);
  const weak = account("weak", third, (team) => team === state.teams[0], false);
  const accounts = [full, other, weak];
  return {
    full,
    other,
    weak,
    identify(request) {
      const header = request.headers["authorization"] ?? "";
      const bearer = /^Bearer +(.*)$/i.exec(header)?.[1];
      if (bearer?.startsWith("lin_api_")) return keySentAsBearer();
      const found = accounts.find((one) => (bearer === undefined ? one.key === header : one.oauthToken === bearer));
      return found ?? notAuthenticated();
    },
  };
}
