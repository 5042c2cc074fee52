import type { WireReply } from "../server/http-server.ts";
import type { Account } from "./access.ts";
import type { Repo, User } from "./records.ts";
import { messageReply, notFound } from "./replies.ts";

/** What a token that may only look is told when it writes; null where it may. Whether the user may is another question. */
export function refuseToken(account: Account, repo: Repo, documentation: string): WireReply | null {
  if (account.user === null) return messageReply(401, "Requires authentication", documentation);
  if (account.issues === "read") {
    const reply = messageReply(403, "Resource not accessible by personal access token", documentation);
    return { ...reply, headers: { ...reply.headers, "X-Accepted-GitHub-Permissions": "issues=write" } };
  }
  if (account.issues === "write" || account.scopes.includes("repo")) return null;
  if (!repo.isPrivate && account.scopes.includes("public_repo")) return null;
  // A classic token without the scope is told no more than that.
  return notFound(documentation);
}

/** Who writes, once the token was let through. */
export function authorOf({ user }: Account): User {
  if (user === null) throw new Error("Nobody writes without an account.");
  return user;
}

/** Whose role is not enough, and who did not write the thing either. */
export function refuseStranger(account: Account, author: User, documentation: string): WireReply | null {
  if (canPush(account) || account.user?.id === author.id) return null;
  return messageReply(403, "Must have admin rights to Repository.", documentation);
}

/** Labels, assignees, milestones and types of those who may not push are dropped without a word. */
export function canPush(account: Account): boolean {
  return account.role === "write";
}
