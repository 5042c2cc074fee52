import { readInRow } from "./choice-in-row.ts";
import { readListed } from "./choice-in-list.ts";
import { cleanLabel, mostAfter, questionAbove, type ScreenChoice } from "./screen-choice.ts";
import { type ScreenLine, screenLines } from "./screen-lines.ts";

/** How many lines at the end of the screen a choice may have. */
const mostLines = 30;

/** `❯ 1. Yes`: the marked option of a numbered choice, or another one. */
const option = /^(?:([❯›●▸▶])\s*)?(\d)[.)]\s+(\S.*)$/u;
/** A field to type in, empty or with a text that is no option. */
const field = /^[❯›](?!\s*\d[.)]\s)/u;
/** OpenCode marks an option by its color only. */
const colored = /^↑↓ select\s+enter (?:submit|confirm)\b/u;
/** Chosen, this option is a field: what it takes then is a text. */
const ownAnswer = /^type your own answer\b/iu;

/**
 * The choice that a program's screen ends with, as coding agents ask for permissions; null if there is none. A text would not be taken by it, and Enter would take
 * the option that is marked. A screen without its colors does not tell which option is marked in a row.
 */
export function readChoice(screen: string): ScreenChoice | null {
  const lines = screenLines(screen).slice(-mostLines);
  return readNumbered(lines) ?? readInRow(screen, lines) ?? readListed(lines);
}

function readNumbered(lines: readonly ScreenLine[]): ScreenChoice | null {
  const found = lines.flatMap(({ text }, index) => {
    const [, mark, answer = "", label = ""] = option.exec(text) ?? [];
    return answer === "" ? [] : [{ index, isMarked: mark !== undefined, answer, label: cleanLabel(label) }];
  });
  const start = found.findLastIndex(({ answer }) => answer === "1");
  const options = found.slice(Math.max(start, 0)).filter(({ answer }, place) => answer === String(place + 1));
  const [first, last] = [options[0], options.at(-1)];
  if (first === undefined || last === undefined || first === last) return null;
  const after = lines.slice(last.index + 1);
  const isColored = after.some(({ text }) => colored.test(text));
  if (!isColored && options.every(({ isMarked }) => !isMarked)) return null;
  // What was typed earlier may look like a choice; then the field is below it.
  if (after.length > mostAfter || after.some(({ text }) => field.test(text))) return null;
  if (isColored && after.length > 1 && ownAnswer.test(last.label)) return null;
  return {
    question: questionAbove(lines, first.index),
    options: options.map(({ answer, label }) => ({ answer, label })),
    keys: "number",
    marked: null,
  };
}
