import type { WireRequest } from "../server/http-server.ts";
import type { Repo, User } from "./records.ts";
import type { GitHubState } from "./state.ts";

/** The account behind a token. */
export type Account = {
  readonly token: string;
  readonly user: User | null;
  /** Classic scopes; `repo` grants access to private repositories. */
  readonly scopes: readonly string[];
  /** The permission of a fine-grained token, which has no scopes; null: a classic token. */
  readonly issues: "read" | "write" | null;
  /** The user's role in every repository. */
  readonly role: "read" | "write";
};

export type Access = {
  readonly full: Account;
  readonly other: Account;
  readonly weak: Account;
  /** null: unknown token. Without a token: an account without user and scopes. */
  identify(request: WireRequest): Account | null;
};

const anonymous: Account = { token: "", user: null, scopes: [], issues: null, role: "read" };

export function createAccess(state: GitHubState): Access {
  const [first, second, third, fourth] = state.users;
  const account = (token: string, user: User | undefined, more: Partial<Account>): Account => ({
    token,
    user: user ?? null,
    scopes: [],
    issues: null,
    role: "write",
    ...more,
  });
  const full = account("ghp_emulator_full", first, { scopes: ["read:org", "repo"] });
  const other = account("ghp_emulator_other", second, { scopes: ["read:org", "repo"] });
  const weak = account("ghp_emulator_weak", third, { scopes: ["read:user"] });
  const more = [
    // May read everything, and write their own issues and comments.
    account("ghp_emulator_reader", fourth, { scopes: ["read:org", "repo"], role: "read" }),
    account("github_pat_emulator_full", first, { issues: "write" }),
    account("github_pat_emulator_readonly", first, { issues: "read" }),
  ];
  const accounts = new Map([full, other, weak, ...more].map((one) => [one.token, one]));
  return {
    full,
    other,
    weak,
    identify(request) {
      const header = request.headers["authorization"];
      if (header === undefined) return anonymous;
      const [scheme = "", value = ""] = header.split(/ +/);
      if (/^basic$/i.test(scheme)) {
        const decoded = Buffer.from(value, "base64").toString("utf8");
        return accounts.get(decoded.slice(decoded.indexOf(":") + 1)) ?? null;
      }
      if (/^(bearer|token)$/i.test(scheme)) return accounts.get(value) ?? null;
      return null;
    },
  };
}

export function canSee(account: Account, repo: Repo): boolean {
  if (repo.isHidden) return false;
  return !repo.isPrivate || account.scopes.includes("repo") || account.issues !== null;
}
