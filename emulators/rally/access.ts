import type { WireRequest } from "../server/http-server.ts";
import type { Project, User, Workspace } from "./records.ts";
import type { RallyState } from "./state.ts";

/** Who is asking, as the API key tells. */
export type Account = {
  readonly key: string;
  readonly user: User;
  readonly sees: (place: Project | Workspace) => boolean;
};

export type Access = {
  readonly full: Account;
  readonly other: Account;
  readonly weak: Account;
  /** null: the key is none of ours, or there is none. */
  identify(request: WireRequest): Account | null;
};

/** The full and the other user see the company's workspace; the weak one belongs to the other workspace alone. */
export function createAccess(state: RallyState): Access {
  const [first, second, third] = state.users;
  const [main, sandbox] = state.workspaces;
  if (!first || !second || !third || !main || !sandbox) throw new Error("The seed has too few users or workspaces.");
  const account = (name: string, user: User, workspaces: readonly Workspace[]): Account => ({
    key: `_rally_emulator_${name}`,
    user,
    sees: (place) =>
      "workspace" in place ? !place.isHidden && workspaces.includes(place.workspace) : workspaces.includes(place),
  });
  const full = account("full", first, [main, sandbox]);
  const other = account("other", second, [main, sandbox]);
  const weak = account("weak", third, [sandbox]);
  return {
    full,
    other,
    weak,
    identify(request) {
      const key = request.headers["zsessionid"] ?? "";
      return [full, other, weak].find((one) => one.key === key) ?? null;
    },
  };
}
