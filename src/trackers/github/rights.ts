import type { SourceSchema } from "../tracker.ts";
import type { Repository } from "./schema.ts";

/**
 * What these credentials may do in a repository, as far as GitHub tells in advance: `permissions` is the user's role, regardless of the token, and only classic
 * tokens name their scopes (null: a fine-grained one). `web` is the website's URL.
 */
export function findRights(
  repository: Repository,
  scopes: readonly string[] | null,
  web: string,
): SourceSchema["writable"] {
  const { archived, permissions, full_name: name } = repository;
  if (archived) {
    return {
      allowed: false,
      reason: `${name} is archived and read-only. Unarchive it in its settings.`,
    };
  }
  const wanted = repository.private ? ["repo"] : ["repo", "public_repo"];
  if (scopes !== null && !wanted.some((scope) => scopes.includes(scope))) {
    return {
      allowed: false,
      reason: `The token is read-only: it lacks the scope \`repo\`. Add it at ${web}/settings/tokens.`,
    };
  }
  if (permissions && !permissions.push && !permissions.triage) {
    return {
      allowed: null,
      reason: `Your role in ${name} is Read: you can open issues, comment and edit your own, but not set labels, assignees or milestones. Ask for the Triage or Write role.`,
    };
  }
  // A fine-grained token does not tell whether it has Issues: read and write.
  return { allowed: scopes === null ? null : permissions == null ? null : true, reason: null };
}
