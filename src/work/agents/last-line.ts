import { plainLine } from "../../domain/plain-text.ts";
import { screenLines } from "./choice/screen-lines.ts";

/** Programs with a screen of their own have a field or a choice at its bottom, begun by one of these, and hints below it. Gemini's field is told by its words. */
const field = /^(?:[›❯](?:\s|$)|>\s+Type your message)/u;
/** Gemini's hints above its field. A narrow screen has them below each other. */
const hint = /\s*\? for shortcuts$|^Shift\+Tab to .*|^\d+ MCP servers?$/u;
/** The last line of OpenCode's screen; the one above it names the model, below a field without a mark. */
const opencode = /\bctrl\+p commands$/u;
/** OpenCode names the model again at the end of a turn. */
const endOfTurn = /^▣\s/u;
/** How many lines such a bottom has at most. */
const bottom = 9;
const longest = 300;

/**
 * What a terminal's screen says last, as one plain line: of programs that read their input at the bottom (the built-in ones) the line above that, otherwise the
 * last line that is not empty. null if there is none.
 */
export function lastLineOf(screen: string | null): string | null {
  if (screen === null) return null;
  const lines = screenLines(screen).map(({ text }) => text);
  const foot = footOf(lines);
  const above = foot < lines.length - bottom ? [] : lines.slice(0, Math.max(foot, 0));
  const words = above
    .filter((line) => !field.test(line) && !endOfTurn.test(line))
    .map((line) => line.replace(hint, ""));
  const said = words.findLast((line) => line !== "") ?? lines.at(-1);
  return said === undefined ? null : plainLine(said).slice(0, longest);
}

/** The index of the bottom's first line; -1 if there is none. */
function footOf(lines: readonly string[]): number {
  return opencode.test(lines.at(-1) ?? "") ? lines.length - 2 : lines.findLastIndex((line) => field.test(line));
}
