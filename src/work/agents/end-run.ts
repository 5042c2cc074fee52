import type { Agent } from "../../domain/agent.ts";
import { endProcesses, listMarked } from "../process/process-tree.ts";
import { agentFolder } from "./agent-files.ts";
import type { AgentParts } from "./agent-parts.ts";

/** An environment variable of all processes of one run; earlier runs of the same agent have another value. */
export function markOfRun(
  home: string,
  { id, turn }: Pick<Agent, "id" | "turn">,
): readonly [name: string, value: string] {
  return ["PANOPTICON_RUN", `${agentFolder(home, id)}:${turn}`];
}

/**
 * Ends an agent's session and all processes started in it, including those that left its terminal or outlived tmux. Takes seconds if they do not exit by
 * themselves.
 */
export async function endRun(
  { tmux, home }: Pick<AgentParts, "tmux" | "home">,
  agent: Pick<Agent, "id" | "session" | "turn">,
): Promise<void> {
  const marked = listMarked(...markOfRun(home, agent));
  await Promise.all([agent.session === "" ? undefined : tmux.kill(agent.session), endProcesses(marked)]);
}
