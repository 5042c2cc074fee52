import { existsSync } from "node:fs";
import type { Agent } from "../../domain/agent.ts";
import { PanopticonError, toPanopticonError } from "../../domain/error.ts";
import type { Workspace } from "../../domain/workspace.ts";
import { createTurns } from "../in-turn.ts";
import { runCommands } from "../workspaces/run-commands.ts";
import { stepLog } from "../workspaces/step-log.ts";
import { workspaceEnvironment } from "../workspaces/workspace-environment.ts";
import type { AgentParts } from "./agent-parts.ts";

/** The project's own commands around an agent's run. Those of one workspace run in sequence, without delaying anything else. */
export type RunHooks = {
  /** Runs `before_run`, once everything after the previous run is finished. Throws its failure, and the signal's reason. */
  before(workspace: Workspace, signal: AbortSignal): Promise<void>;
  /** Makes the next step in a workspace wait for this, too. */
  hold(workspaceId: number, until: Promise<unknown>): void;
  /** Starts `after_run`; its failure is logged. */
  after(agent: Agent): void;
  /** Whether `after_run` is running in a workspace. */
  isAfter(workspaceId: number): boolean;
  /** Resolves when no `after_run` is running any more, in one workspace or in any. */
  settled(workspaceId?: number): Promise<void>;
  /** Ends every running `after_run`; resolves when they are gone. */
  breakOff(reason: string): Promise<void>;
};

type After = { readonly workspaceId: number; readonly breaking: AbortController; readonly over: Promise<void> };

export function createRunHooks(parts: AgentParts): RunHooks {
  const inTurn = createTurns();
  const afters = new Set<After>();
  const turn = (workspaceId: number) => `workspace ${workspaceId}`;

  async function settled(workspaceId?: number): Promise<void> {
    const own = [...afters].filter((after) => workspaceId === undefined || after.workspaceId === workspaceId);
    await Promise.all(own.map(({ over }) => over));
  }

  return {
    before: (workspace, signal) => inTurn(turn(workspace.id), () => runBefore(parts, workspace, signal)),
    hold(workspaceId, until) {
      void inTurn(turn(workspaceId), () =>
        until.then(
          () => undefined,
          () => undefined,
        ),
      );
    },
    after(agent) {
      const { workspaceId } = agent;
      if (workspaceId === null) return;
      const breaking = new AbortController();
      const over = inTurn(turn(workspaceId), () => runAfter(parts, agent, breaking.signal))
        .catch((error: unknown) => process.emitWarning(toPanopticonError(error)))
        .then(() => void afters.delete(entry));
      const entry = { workspaceId, breaking, over };
      afters.add(entry);
    },
    isAfter: (workspaceId) => [...afters].some((after) => after.workspaceId === workspaceId),
    settled,
    async breakOff(reason) {
      for (const { breaking } of afters) breaking.abort(new PanopticonError("conflict", reason));
      await settled();
    },
  };
}

const settingsOf = ({ projects }: AgentParts, projectId: string) =>
  projects().find(({ id }) => id === projectId)?.work.workspace;

async function runBefore(parts: AgentParts, workspace: Workspace, signal: AbortSignal): Promise<void> {
  const settings = settingsOf(parts, workspace.project);
  if (settings === undefined) return;
  await runCommands(settings.beforeRun, {
    cwd: workspace.path,
    env: workspaceEnvironment(parts, workspace),
    timeoutMs: settings.timeoutMs,
    log: stepLog(parts.home, workspace.id),
    signal,
  });
}

async function runAfter(parts: AgentParts, agent: Agent, signal: AbortSignal): Promise<void> {
  const workspace = agent.workspaceId === null ? null : await parts.records.workspaces.find(agent.workspaceId);
  const settings = settingsOf(parts, agent.project);
  if (workspace === null || settings === undefined || !existsSync(workspace.path)) return;
  const log = stepLog(parts.home, workspace.id);
  const env = { ...workspaceEnvironment(parts, workspace), PANOPTICON_AGENT: String(agent.id) };
  const { afterRun, timeoutMs } = settings;
  try {
    await runCommands(afterRun, { cwd: workspace.path, env, timeoutMs, log, signal });
  } catch (error) {
    log.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
}
