import { existsSync, rmSync } from "node:fs";
import { isLiving } from "../../domain/agent.ts";
import { PanopticonError } from "../../domain/error.ts";
import type { Workspace } from "../../domain/workspace.ts";
import type { WorkParts, WorkProject } from "../work-parts.ts";
import { rootOf } from "./create-workspace.ts";
import { inspectWorkspace, type WorkspaceFacts } from "./inspect-workspace.ts";
import { checkPlace } from "./place.ts";
import { runCommands } from "./run-commands.ts";
import { stepLog } from "./step-log.ts";
import { workspaceEnvironment } from "./workspace-environment.ts";

/** Throws `conflict` with what would be lost. */
export async function checkRemovable(parts: WorkParts, workspace: Workspace, facts: WorkspaceFacts): Promise<void> {
  const reasons: string[] = [];
  const agents = await parts.records.agents.list({ endedLimit: 0 });
  const agent = agents.find((one) => one.workspaceId === workspace.id && isLiving(one.state));
  if (agent !== undefined) reasons.push(`${agent.name} is at work in it (agent ${agent.id})`);
  if (facts.dirty.length > 0) {
    const [first = ""] = facts.dirty;
    const rest = facts.dirty.length - 1;
    reasons.push(`${first}${rest > 0 ? ` and ${rest} more` : ""} ${rest > 0 ? "are" : "is"} not committed`);
  }
  if (facts.unpublished > 0) {
    const commits = facts.unpublished === 1 ? "one commit is" : `${facts.unpublished} commits are`;
    reasons.push(`${commits} neither pushed nor merged`);
  }
  if (reasons.length === 0) return;
  const todo = [
    ...(agent === undefined ? [] : [`Stop the agent: pan agent stop ${agent.id}.`]),
    ...(facts.dirty.length + facts.unpublished === 0 ? [] : [`Commit and push in ${workspace.path}.`]),
  ];
  throw new PanopticonError(
    "conflict",
    `The workspace of ${workspace.issue.ref} was not removed: ${reasons.join("; ")}.`,
    {
      hint: `${todo.join(" ")} Or remove it all the same: pan workspace remove ${workspace.issue.ref} --force.`,
    },
  );
}

/**
 * Takes a workspace away: its folder, its place in the repository and its branch. Commits that are nowhere else stay findable under
 * `refs/panopticon/removed/`. A failing `before_remove` is logged and no more.
 */
export async function takeAway(
  parts: WorkParts,
  project: WorkProject | undefined,
  workspace: Workspace,
): Promise<{ readonly kept: string | null }> {
  const { git, records } = parts;
  const { id, path, repository, branch, issue } = workspace;
  const log = stepLog(parts.home, id);
  const facts = await inspectWorkspace(parts, workspace, project);
  parts.changed(await records.workspaces.update(id, { state: "removing" }));
  parts.emit({ type: "workspace", id, ref: issue.ref, state: "removing", step: null });
  if (facts.present && project !== undefined) {
    const { beforeRemove, timeoutMs } = project.work.workspace;
    const env = workspaceEnvironment(parts, workspace);
    try {
      await runCommands(beforeRemove, { cwd: path, env, timeoutMs, log });
    } catch (error) {
      log.write(`${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
  let kept: string | null = null;
  if (existsSync(repository)) {
    if (facts.present) await git.run(repository, ["worktree", "remove", "--force", "--force", "--", path]);
    if (facts.head !== null && facts.unpublished > 0) {
      kept = `refs/panopticon/removed/${id}`;
      await git.run(repository, ["update-ref", kept, facts.head]);
    }
    await git.run(repository, ["worktree", "prune"]);
    if (facts.head !== null) await git.ask(repository, ["branch", "-D", "--", branch]);
  }
  // What git does not know any more; where somebody moved it to is not ours to clear.
  if (project !== undefined && existsSync(path)) {
    checkPlace(rootOf(parts, project), path);
    rmSync(path, { recursive: true, force: true });
  }
  parts.changed(await records.workspaces.remove(id));
  log.remove();
  parts.emit({ type: "workspace", id, ref: issue.ref, state: null, step: null });
  return { kept };
}
