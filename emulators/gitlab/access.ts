import type { WireRequest } from "../server/http-server.ts";
import type { Issue, Project, User } from "./records.ts";
import type { GitLabState } from "./state.ts";

/** The account behind a token. */
export type Account = {
  readonly token: string;
  readonly kind: "personal" | "oauth";
  readonly user: User;
  readonly scopes: readonly string[];
  /** Whether the user is a member of the whole group; others see only its internal projects. */
  readonly isGroupMember: boolean;
  /** The role in visible projects, null for none. https://docs.gitlab.com/api/access_requests/: 10 guest, 15 planner, 20 reporter, 30 developer, 40 maintainer. */
  readonly accessLevel: number | null;
};

export type Access = {
  readonly full: Account;
  readonly other: Account;
  readonly weak: Account;
  readonly oauth: Account;
  /** May write its own issues and comments, nothing else. */
  readonly guest: Account;
  /** `refused`: unknown credentials, or credentials in the wrong header; null: no credentials. */
  identify(request: WireRequest): Account | "refused" | null;
};

/** Personal tokens are sent in `PRIVATE-TOKEN` or as `Bearer`, OAuth tokens only as `Bearer`. https://docs.gitlab.com/api/rest/authentication/ */
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

/** Planners and above may change every issue, others their own. */
export function canEdit(account: Account, issue: Issue): boolean {
  return canPlan(account) || issue.author === account.user || issue.assignees.includes(account.user);
}

/** Whether the role may set labels, assignees, milestones, dates and weights. Otherwise GitLab accepts the request and silently drops them. */
export function canPlan({ accessLevel }: Account): boolean {
  return accessLevel !== null && accessLevel >= 15;
}
