import { PanopticonError } from "../../../domain/error.ts";
import type { AgentParts } from "../agent-parts.ts";
import { readChoice } from "./read-choice.ts";
import type { ScreenChoice } from "./screen-choice.ts";

/** How long a program may take to move its mark. */
const movesMs = 3_000;
const lookMs = 50;

const arrows = { down: ["Down", "Up"], right: ["Right", "Left"] } as const;

/**
 * Takes the option at an index of the choice that an agent's screen shows. Where that needs arrow keys, each is pressed once the screen shows what the one before
 * did, and Enter only while the same choice has its mark on that option. Throws `conflict` if it does not come to that; Enter was not pressed then.
 */
export async function takeOption(
  { tmux, clock }: Pick<AgentParts, "tmux" | "clock">,
  session: string,
  asked: ScreenChoice,
  index: number,
): Promise<void> {
  if (asked.keys === "number") {
    await tmux.press(session, asked.options[index]?.answer ?? "");
    return;
  }
  const [onward, back] = arrows[asked.keys];

  /** Where the mark of the same choice is once it is not there any more. */
  async function markAfter(before: number | null): Promise<number> {
    const end = clock.now() + movesMs;
    for (;;) {
      const choice = readChoice((await tmux.capture(session, { colours: true })) ?? "");
      const marked = choice !== null && isSame(choice, asked) ? choice.marked : null;
      if (marked !== null && marked !== before) return marked;
      if (clock.now() >= end) throw changed();
      await clock.sleep(lookMs);
    }
  }

  let marked = await markAfter(null);
  // More keys than options would go round.
  for (let presses = 0; marked !== index; presses += 1) {
    if (presses === asked.options.length) throw changed();
    await tmux.pressKey(session, marked < index ? onward : back);
    marked = await markAfter(marked);
  }
  await tmux.pressKey(session, "Enter");
}

function isSame(one: ScreenChoice, other: ScreenChoice): boolean {
  const words = ({ question, options }: ScreenChoice) => [question, ...options.map(({ label }) => label)].join("\n");
  return one.keys === other.keys && words(one) === words(other);
}

function changed(): PanopticonError {
  return new PanopticonError("conflict", "What it asks has changed meanwhile; nothing was chosen.", {
    hint: "Look at its terminal: pan agent attach.",
  });
}
