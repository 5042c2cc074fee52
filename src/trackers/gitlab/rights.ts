import type { SourceSchema } from "../tracker.ts";
import type { Project } from "./schema.ts";

/** Planners (15) and higher roles can change every issue. https://docs.gitlab.com/user/permissions/#project-planning */
const planner = 15;

/** What these credentials may do in a project, as far as GitLab tells in advance: from the token's scopes (null if unknown) and its user's role. */
export function findRights(project: Project, scopes: readonly string[] | null, web: string): SourceSchema["writable"] {
  const name = project.path_with_namespace;
  if (scopes !== null && !scopes.includes("api")) {
    return {
      allowed: false,
      reason: `The token is read-only because it lacks the scope \`api\`. Create one that has it at ${web}/-/user_settings/personal_access_tokens.`,
    };
  }
  if (project.archived === true) {
    return {
      allowed: false,
      reason: `${name} is archived and read-only. Unarchive it in its settings.`,
    };
  }
  const { project_access: own, group_access: group } = project.permissions ?? {};
  const role = Math.max(own?.access_level ?? 0, group?.access_level ?? 0);
  if (role >= planner) return { allowed: scopes === null ? null : true, reason: null };
  // Administrators have no role of their own, and roles may come from invited groups: GitLab tells neither here.
  if (project.permissions == null || role === 0) return { allowed: null, reason: null };
  return {
    allowed: null,
    reason: `Your role in ${name} is Guest: you can open issues, comment and edit your own, but cannot set labels, assignees, milestones or dates. Ask for the Planner or Reporter role.`,
  };
}
