import { type Agent, isLiving, type MeantOption } from "../../domain/agent.ts";
import { PanopticonError } from "../../domain/error.ts";
import type { AgentParts } from "./agent-parts.ts";
import type { LivingAgents } from "./living-agents.ts";
import { readChoice } from "./choice/read-choice.ts";
import { optionOf, type ScreenChoice } from "./choice/screen-choice.ts";
import { takeOption } from "./choice/take-option.ts";

/** Some programs say that they ask a moment before their screen shows it. */
const showsMs = 500;

/** See `Agents.message`. */
export async function messageAgent(
  { parts, living }: { readonly parts: AgentParts; readonly living: LivingAgents },
  id: number,
  text: string,
  meant?: MeantOption,
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
  const option = choice === null ? null : requireOption(agent, choice, text);
  if (meant !== undefined) checkMeant(agent, option === null ? undefined : choice?.options[option]?.label, meant);
  if (choice === null || option === null) await tmux.say(agent.session, text);
  else await takeOption(parts, agent.session, choice, option);
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

function requireOption({ id, name }: Agent, { options }: ScreenChoice, text: string): number {
  const option = optionOf(options, text);
  if (option !== null) return option;
  const inTerminal = `open its terminal: pan agent attach ${id}.`;
  throw new PanopticonError("conflict", `${name} asks to choose, and cannot take a text now; nothing was typed.`, {
    hint: options.length === 0 ? `To answer, ${inTerminal}` : `Answer with a number, or ${inTerminal}`,
    candidates: options.map(({ answer, label }) => `${answer}. ${label}`),
  });
}

/** An answer that was chosen while it still asked something else is not the answer to this. */
function checkMeant({ name, since }: Agent, label: string | undefined, meant: MeantOption): void {
  if (label === meant.label && since === meant.since) return;
  throw new PanopticonError("conflict", `${name} has been answered, or asks something else by now; nothing was typed.`);
}
