import { isLiving } from "../../domain/agent.ts";
import { PanopticonError } from "../../domain/error.ts";
import type { AgentParts } from "./agent-parts.ts";
import type { Agent, AgentChoice } from "../../domain/agent.ts";
import { keyOf, readChoice } from "./screen-choice.ts";
import type { LivingAgents } from "./living-agents.ts";

/** Some programs say that they ask a moment before their screen shows it. */
const showsMs = 500;

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
  const shownIn = agent.state === "waiting" ? agent.since + showsMs - clock.now() : 0;
  if (shownIn > 0) await clock.sleep(shownIn);
  const at = clock.now();
  // Typed into a choice, a text is ignored, and its Enter takes what is marked: a "no" would be a yes.
  const choice = text.trim() === "" ? null : readChoice((await tmux.capture(agent.session)) ?? "");
  if (choice === null) await tmux.say(agent.session, text);
  else await tmux.press(agent.session, requireKey(agent, choice.options, text));
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

function requireKey({ id, name }: Agent, options: readonly AgentChoice[], text: string): string {
  const key = keyOf(options, text);
  if (key !== null) return key;
  const inTerminal = `open its terminal: pan agent attach ${id}.`;
  throw new PanopticonError("conflict", `${name} asks to choose, and cannot take a text now; nothing was typed.`, {
    hint: options.length === 0 ? `To answer, ${inTerminal}` : `Answer with a number, or ${inTerminal}`,
    candidates: options.map(({ answer, label }) => `${answer}. ${label}`),
  });
}
