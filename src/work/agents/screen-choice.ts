import type { AgentChoice } from "../../domain/agent.ts";
import { plainLine } from "../../domain/plain-text.ts";
import { screenLines } from "./screen-lines.ts";

/** How many lines at the end of the screen a choice may have. */
const mostLines = 30;
/** Explanations and hints after the last option. */
const mostAfter = 6;

/** `❯ 1. Yes`: the marked option of a numbered choice, or another one. */
const option = /^(?:([❯›●▸▶])\s*)?(\d)[.)]\s+(\S.*)$/u;
/** A field to type in, empty or with a text that is no option. */
const field = /^[❯›](?!\s*\d[.)]\s)/u;
const marked = /^[❯›●▸▶]\s*\S/u;
const hint = /\benter (?:to )?(?:confirm|select|continue|choose)\b|\besc to cancel\b|↑\s?\/?\s?↓/iu;
/** OpenCode: the options are on the line of the hint. */
const inline = /⇆ select\s+enter confirm/iu;
const asking = /\?(?:\s|$)|\b(?:permission|approval) required\b/iu;

export type ScreenChoice = {
  /** The line that seems to ask. */
  readonly question: string;
  /** Empty if the options have no numbers: then no key answers. */
  readonly options: readonly AgentChoice[];
};

/**
 * The choice that a program's screen ends with, as coding agents ask for permissions; null if there is none. A text would not be taken by it, and Enter would take
 * the option that is marked.
 */
export function readChoice(screen: string): ScreenChoice | null {
  const lines = screenLines(screen).slice(-mostLines);
  return readNumbered(lines) ?? readUnnumbered(lines);
}

function readNumbered(lines: readonly string[]): ScreenChoice | null {
  const found = lines.flatMap((line, index) => {
    const [, mark, answer = "", label = ""] = option.exec(line) ?? [];
    return answer === "" ? [] : [{ index, isMarked: mark !== undefined, answer, label: clean(label) }];
  });
  const start = found.findLastIndex(({ answer }) => answer === "1");
  const options = found.slice(Math.max(start, 0)).filter(({ answer }, place) => answer === String(place + 1));
  const [first, last] = [options[0], options.at(-1)];
  if (first === undefined || last === undefined || first === last) return null;
  if (options.every(({ isMarked }) => !isMarked)) return null;
  const after = lines.slice(last.index + 1);
  // What was typed earlier may look like a choice; then the field is below it.
  if (after.length > mostAfter || after.some((line) => field.test(line))) return null;
  const question = questionAbove(lines, first.index);
  return { question, options: options.map(({ answer, label }) => ({ answer, label })) };
}

function readUnnumbered(lines: readonly string[]): ScreenChoice | null {
  const place = lines.findLastIndex((line) => inline.test(line));
  if (place >= lines.length - 2 && place !== -1) return { question: questionAbove(lines, place), options: [] };
  const mark = lines.findLastIndex((line) => marked.test(line));
  const asks = mark >= lines.length - mostAfter - 4 && lines.slice(-2).some((line) => hint.test(line));
  return asks && mark !== -1 ? { question: questionAbove(lines, mark), options: [] } : null;
}

function questionAbove(lines: readonly string[], end: number): string {
  const above = lines.slice(Math.max(0, end - 10), end);
  return plainLine(above.findLast((line) => asking.test(line)) ?? above.at(-1) ?? "It asks to choose.");
}

/** Without the key that some programs name after an option, and the frame around it. */
function clean(label: string): string {
  return label.replace(/\s+\((?:\w|esc)\)$/u, "");
}

/** The key that gives an answer: a number, yes or no, or the words of an option; null if the choice has no such option. */
export function keyOf(options: readonly AgentChoice[], text: string): string | null {
  const words = text.trim().toLowerCase();
  const isWord = (word: string) => words === word || words === word[0];
  const begins = (label: string, word: string) => new RegExp(`^${word}\\b`, "i").test(label);
  const found =
    options.find(({ answer, label }) => answer === words || label.toLowerCase() === words) ??
    options.find(({ label }) => ["yes", "no"].some((word) => isWord(word) && begins(label, word)));
  return found?.answer ?? null;
}
