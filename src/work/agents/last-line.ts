import { plainLine } from "../../domain/plain-text.ts";
import { screenLines } from "./screen-lines.ts";

/** Programs with a screen of their own have a field or a choice at its bottom, begun by one of these, and hints below it. */
const field = /^[›❯](?:\s|$)/u;
/** How many lines such a bottom has at most. */
const bottom = 9;
const longest = 300;

/**
 * What a terminal's screen says last, as one plain line: of programs that read their input at the bottom (Claude Code, Codex) the line above that, otherwise the last
 * line that is not empty. null if there is none.
 */
export function lastLineOf(screen: string | null): string | null {
  if (screen === null) return null;
  const lines = screenLines(screen).map(({ text }) => text);
  const foot = lines.findLastIndex((line) => field.test(line));
  const above = foot < lines.length - bottom ? [] : lines.slice(0, Math.max(foot, 0));
  const said = above.findLast((line) => !field.test(line)) ?? lines.at(-1);
  return said === undefined ? null : plainLine(said).slice(0, longest);
}
