import type { Agent } from "../../domain/agent.ts";
import { PanopticonError } from "../../domain/error.ts";
import { readOptional } from "../read-optional.ts";
import { agentFiles, agentFolder } from "./agent-files.ts";
import type { AgentParts } from "./agent-parts.ts";
import type { Agents } from "./agents.ts";

/** See `Agents.screen`. */
export async function readScreen({ tmux, home }: AgentParts, agent: Agent): Promise<string> {
  const now = await tmux.capture(agent.session, { history: true, colours: true });
  return now ?? readOptional(agentFiles(agentFolder(home, agent.id)).screen) ?? "";
}

/** See `Agents.attachCommand`. Throws `conflict` for an agent whose session has ended. */
export async function findAttachCommand(
  { tmux }: AgentParts,
  { id, session }: Agent,
  mode: Parameters<Agents["attachCommand"]>[1],
): ReturnType<Agents["attachCommand"]> {
  const sessions = await tmux.list();
  if (sessions.some(({ name }) => name === session)) {
    return { command: tmux.attachCommand(session, mode), env: tmux.env };
  }
  throw new PanopticonError("conflict", `The agent ${id} has ended; it has no terminal any more.`, {
    hint: `pan agent logs ${id} shows what it wrote, pan agent resume ${id} starts it again.`,
  });
}
