import type { WireRequest } from "../server/http-server.ts";
import type { Issue, Project, User } from "./records.ts";
import type { GitLabState } from "./state.ts";

/** Who is asking, as the token tells. */
export type Account = {
  readonly token: string;
  readonly kind: "personal" | "oauth";
  readonly user: User;
  readonly scopes: readonly string[];
  /** Member of the whole group; others see its internal projects only. */
  readonly isGroupMember: boolean;
  /** The role in the projects that it sees, null for none. https://docs.gitlab.com/api/access_requests/: 10 guest, 15 planner, 20 reporter, 30 developer, 40 maintainer. */
  readonly accessLevel: number | null;
};

export type Access = {
  readonly full: Account;
  readonly other: Account;
  readonly weak: Account;
  readonly oauth: Account;
  /** May write issues and comments of its own, and nothing else. */
  readonly guest: Account;
  /** `refused`: the credentials are none of ours, or sent in the wrong header; null: without credentials. */
  identify(request: WireRequest): Account | "refused" | null;
};

/** Personal tokens go in `PRIVATE-TOKEN` or as `Bearer`, OAuth tokens as `Bearer` only. https://docs.gitlab.com/api/rest/authentication/ */
export function createAccess(state: GitLabState): Access {
  const [first, second, third] = state.users;
  if (!first || !second || !third) throw new Error("The seed has too few users.");
  const full: Account = {
    token: "glpat-emulator_full",
    kind: "personal",
    user: first,
    scopes: ["api"],
    isGroupMember: true,
    accessLevel: 40,
  };
  const other: Account = { ...full, token: "glpat-emulator_other", user: second, accessLevel: 30 };
  const weak: Account = {
    ...full,
    token: "glpat-emulator_weak",
    user: third,
    scopes: ["read_api"],
    isGroupMember: false,
    accessLevel: null,
  };
  const guest: Account = { ...full, token: "glpat-emulator_guest", user: third, accessLevel: 10 };
  const oauth: Account = {
    ...full,
    token: "e0a7".repeat(16),
    kind: "oauth",
    scopes: ["openid", "profile", "read_user", "write_repository", "api"],
  };
  const accounts = new Map([full, other, weak, guest, oauth].map((one) => [one.token, one]));

  return {
    full,
    other,
    weak,
    oauth,
    guest,
    identify(request) {
      const personal = request.headers["private-token"] ?? request.query.get("private_token") ?? undefined;
      if (personal !== undefined) {
        const account = accounts.get(personal);
        return account?.kind === "personal" ? account : "refused";
      }
      const header = request.headers["authorization"];
      if (header === undefined) return null;
      const bearer = /^Bearer +(\S+)$/i.exec(header)?.[1];
      return (bearer === undefined ? undefined : accounts.get(bearer)) ?? "refused";
    },
  };
}

export function canSee(account: Account, project: Project): boolean {
  if (project.isHidden) return false;
  return account.isGroupMember || project.visibility === "internal";
}

/** Planners and above change every issue, people without that role their own ones. */
export function canEdit(account: Account, issue: Issue): boolean {
  return canPlan(account) || issue.author === account.user || issue.assignees.includes(account.user);
}

/** Labels, assignees, milestones, dates and weights. From those who may not, GitLab takes a request and leaves these out without a word. */
export function canPlan({ accessLevel }: Account): boolean {
  return accessLevel !== null && accessLevel >= 15;
}
