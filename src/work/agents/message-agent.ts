import { isLiving } from "../../domain/agent.ts";
import { PanopticonError } from "../../domain/error.ts";
import type { AgentParts } from "./agent-parts.ts";
import type { LivingAgents } from "./living-agents.ts";

/** See `Agents.message`. */
export async function messageAgent(
  { parts, living }: { readonly parts: AgentParts; readonly living: LivingAgents },
  id: number,
  text: string,
): Promise<void> {
  const { records, tmux, clock } = parts;
  const agent = await living.get(id);
  if (!isLiving(agent.state) && living.care.live(id) === null) {
    throw new PanopticonError("conflict", `The agent ${id} has ended and cannot receive messages.`, {
      hint: `Start it again first: pan agent resume ${id}.`,
    });
  }
  if (agent.state === "starting") {
    throw new PanopticonError("busy", `The agent ${id} is just starting.`, { hint: "Try again in a moment." });
  }
  const at = clock.now();
  await tmux.say(agent.session, text);
  // From here on, its output is its answer: it may report done before tmux confirms that the text was typed.
  living.care.answered(id, at);
  const change = await records.agents.update(
    id,
    { state: "running", since: at, reason: null, endedAt: null },
    { states: ["waiting", "finished"], since: at },
  );
  if (change === null) return;
  parts.changed(change);
  parts.emit({ type: "agent", id, ref: agent.issue.ref, state: "running" });
  living.onState(agent, "running", at);
}
