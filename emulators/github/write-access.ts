import type { WireReply } from "../server/http-server.ts";
import type { Account } from "./access.ts";
import type { Repo, User } from "./records.ts";
import { messageReply, notFound } from "./replies.ts";

/** The refusal of a write with a read-only token; null if it may write. The user's role is checked separately. */
export function refuseToken(account: Account, repo: Repo, documentation: string): WireReply | null {
  if (account.user === null) return messageReply(401, "Requires authentication", documentation);
  if (account.issues === "read") {
    const reply = messageReply(403, "Resource not accessible by personal access token", documentation);
    return { ...reply, headers: { ...reply.headers, "X-Accepted-GitHub-Permissions": "issues=write" } };
  }
  if (account.issues === "write" || account.scopes.includes("repo")) return null;
  if (!repo.isPrivate && account.scopes.includes("public_repo")) return null;
  // GitHub gives a classic token without the scope no other hint.
  return notFound(documentation);
}

/** The user who writes, once the token was accepted. */
export function authorOf({ user }: Account): User {
  if (user === null) throw new Error("Nobody writes without an account.");
  return user;
}

/** The refusal for a user whose role is too low and who is not the author; null if allowed. */
export function refuseStranger(account: Account, author: User, documentation: string): WireReply | null {
  if (canPush(account) || account.user?.id === author.id) return null;
  return messageReply(403, "Must have admin rights to Repository.", documentation);
}

/** Labels, assignees, milestones and types from users without push access are silently dropped. */
export function canPush(account: Account): boolean {
  return account.role === "write";
}
