import { isPanopticonError } from "../../domain/error.ts";
import type { SourceSchema } from "../tracker.ts";
import type { JiraClient } from "./client.ts";
import type { Project } from "./schema.ts";

/** What Panopticon does, by the required permission. https://support.atlassian.com/jira-cloud-administration/docs/permissions-for-company-managed-projects/ */
const needed: Readonly<Record<string, string>> = {
  EDIT_ISSUES: "edit issues",
  TRANSITION_ISSUES: "move them",
  CREATE_ISSUES: "create them",
  ADD_COMMENTS: "comment",
  LINK_ISSUES: "link them",
};

/**
 * What the account may do in a project. A token with scopes may be allowed less, which only a write shows. A permission that depends on the issue (its
 * reporter's) counts as granted.
 */
export async function findRights(
  client: JiraClient,
  project: Project,
  signal: AbortSignal | undefined,
): Promise<SourceSchema["writable"]> {
  const unknown = { allowed: null, reason: null };
  let found: Awaited<ReturnType<JiraClient["findPermissions"]>>;
  try {
    found = await client.findPermissions(project.id, Object.keys(needed), signal);
  } catch (error) {
    // A token that may not ask may still be allowed to write.
    if (isPanopticonError(error) && error.code === "forbidden") return unknown;
    throw error;
  }
  if (found === null) return unknown;
  const lacking = Object.keys(needed).filter((key) => found.get(key) === false);
  if (lacking.length === 0) return { allowed: [...found.values()].includes(true) ? true : null, reason: null };
  const words = lacking.map((key) => needed[key] ?? key);
  const list = words.length === 1 ? words[0] : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
  return {
    allowed: lacking.length < Object.keys(needed).length,
    reason: `The account has no permission to ${list} in ${project.key}. A project administrator can give it a role with these permissions.`,
  };
}
