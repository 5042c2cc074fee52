import type { Workspace } from "../../domain/workspace.ts";
import { cleanEnvironment } from "../process/clean-environment.ts";
import type { WorkParts } from "../work-parts.ts";

/** The environment of programs in a workspace: the clean one, plus variables that describe the workspace. */
export function workspaceEnvironment(
  { env, secret }: Pick<WorkParts, "env" | "secret">,
  workspace: Pick<Workspace, "issue" | "path" | "branch" | "repository" | "project">,
  named: readonly string[] = [],
): Record<string, string> {
  return {
    ...cleanEnvironment(env, { named, secret }),
    PANOPTICON_REF: oneLine(workspace.issue.ref),
    PANOPTICON_PROJECT: workspace.project,
    PANOPTICON_WORKSPACE: workspace.path,
    PANOPTICON_BRANCH: workspace.branch,
    PANOPTICON_CHECKOUT: workspace.repository,
    ...(env["PANOPTICON_HOME"] === undefined ? {} : { PANOPTICON_HOME: env["PANOPTICON_HOME"] }),
  };
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]+/gu, " ").trim();
}
