import type { Agent } from "../../domain/agent.ts";
import { endProcesses, listMarked } from "../process/process-tree.ts";
import { agentFolder } from "./agent-files.ts";
import type { AgentParts } from "./agent-parts.ts";

/** A variable that each process of one run has; what an earlier run of the same agent left behind has another. */
export function markOfRun(
  home: string,
  { id, turn }: Pick<Agent, "id" | "turn">,
): readonly [name: string, value: string] {
  return ["PANOPTICON_RUN", `${agentFolder(home, id)}:${turn}`];
}

/** Ends an agent's session and all that was started in it, what has left its terminal or outlived tmux included. Takes seconds where that does not go by itself. */
export async function endRun(
  { tmux, home }: Pick<AgentParts, "tmux" | "home">,
  agent: Pick<Agent, "id" | "session" | "turn">,
): Promise<void> {
  const marked = listMarked(...markOfRun(home, agent));
  await Promise.all([agent.session === "" ? undefined : tmux.kill(agent.session), endProcesses(marked)]);
}
