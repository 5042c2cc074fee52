import { isLiving } from "../../domain/agent.ts";
import { PanopticonError } from "../../domain/error.ts";
import type { Workspaces } from "../workspaces/workspaces.ts";
import { agentFiles, agentFolder } from "./agent-files.ts";
import type { AgentParts } from "./agent-parts.ts";
import type { Agents, StartRequest } from "./agents.ts";
import { clearSessions } from "./clear-sessions.ts";
import type { LivingAgents } from "./living-agents.ts";
import { getProfile } from "./profiles.ts";
import { runAgent } from "./run-agent.ts";
import type { RunsUnderWay } from "./runs-under-way.ts";
import { clearRun } from "./start-run.ts";

const defaultProfile = "claude";

/** What starting an agent needs. */
export type Beginning = {
  readonly parts: AgentParts;
  readonly living: LivingAgents;
  readonly workspaces: Pick<Workspaces, "create">;
  /** Throws `not_found` if it is not installed. */
  readonly checkTmux: () => Promise<void>;
  /** What continues after the response. */
  readonly runs: Pick<RunsUnderWay, "begin">;
};

/** See `Agents.start`. Called for one start per issue at a time. */
export async function startAgent(
  beginning: Beginning,
  { projectId, issue, name, prompt, plan, actor }: StartRequest,
): ReturnType<Agents["start"]> {
  const { parts, living, workspaces, checkTmux, runs } = beginning;
  const { records, clock } = parts;
  await checkTmux();
  const project = parts.projects().find(({ id }) => id === projectId);
  const { id: profile } = getProfile(parts.profiles(), name ?? project?.agent ?? defaultProfile);
  const { workspace, isNew, ready } = await workspaces.create(projectId, issue);
  if (!isNew) await clearSessions(beginning, workspace.id);
  const { agent, change } = await records.agents.add({
    issueId: issue.issueId,
    workspaceId: workspace.id,
    project: projectId,
    name: profile,
    plan,
    prompt,
    actor,
    at: clock.now(),
  });
  agentFiles(agentFolder(parts.home, agent.id)).remove();
  parts.changed(change);
  parts.emit({ type: "agent", id: agent.id, ref: agent.issue.ref, state: "starting" });
  const run = { agent, ready, resume: false };
  return { agent, running: runs.begin(agent.id, (signal) => runAgent(parts, living, run, signal)) };
}

/** See `Agents.resume`. Called for one resume per agent at a time. */
export async function resumeAgent(
  beginning: Beginning,
  id: number,
  { prompt }: NonNullable<Parameters<Agents["resume"]>[1]>,
): ReturnType<Agents["resume"]> {
  const { parts, living, workspaces, checkTmux, runs } = beginning;
  const { records, tmux, clock } = parts;
  const agent = await living.get(id);
  if (isLiving(agent.state)) {
    throw new PanopticonError("conflict", `The agent ${id} is still running; there is nothing to resume.`, {
      hint: `Send it a message: pan agent send ${id} TEXT.`,
    });
  }
  await checkTmux();
  const { issueId, ref, title } = agent.issue;
  if (agent.workspaceId === null || issueId === null) {
    throw new PanopticonError("conflict", `The workspace of the agent ${id}, or its issue, is gone.`, {
      hint: `Start a new one: pan agent start ${ref}.`,
    });
  }
  const { workspace, ready } = await workspaces.create(agent.project, { issueId, ref, title });
  living.care.forget(id);
  await tmux.kill(agent.session);
  await clearSessions(beginning, workspace.id);
  clearRun(parts, id);
  const at = clock.now();
  const change = await records.agents.update(
    id,
    {
      state: "starting",
      since: at,
      startedAt: at,
      endedAt: null,
      exitCode: null,
      reason: null,
      turn: agent.turn + 1,
    },
    { states: ["finished", "failed", "stopped", "lost"] },
  );
  if (change === null) throw new PanopticonError("conflict", `The agent ${id} is already being started.`);
  parts.changed(change);
  const again = { ...(await living.get(id)), ...(prompt === undefined ? {} : { prompt }) };
  const run = { agent: again, ready, resume: true };
  return { agent: again, running: runs.begin(id, (signal) => runAgent(parts, living, run, signal)) };
}
