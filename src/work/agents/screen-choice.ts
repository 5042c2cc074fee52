import type { AgentChoice } from "../../domain/agent.ts";
import { plainText } from "../../domain/plain-text.ts";

/** How many lines at the end of the screen a choice may have, without empty ones. */
const mostLines = 30;
/** Explanations and hints after the last option. */
const mostAfter = 6;

/** `❯ 1. Yes`: the marked option of a numbered choice, or another one. */
const option = /^[│┃|\s]*(?:([❯›●▸▶])\s*)?(\d)[.)]\s+(\S.*)$/u;
/** A field to type in, empty or with a text that is no option. */
const field = /^[│┃|\s]*[❯›](?!\s*\d[.)]\s)/u;
const marked = /^[│┃|\s]*[❯›●▸▶]\s*\S/u;
const hint = /\benter (?:to )?(?:confirm|select|continue|choose)\b|\besc to cancel\b|↑\s?\/?\s?↓/iu;

/**
 * The choice that a program's screen ends with, as Claude Code and Codex ask for permissions; null if there is none. A text would not be taken by it, and Enter
 * would take the option that is marked. `options` is empty for a choice without numbers, which cannot be answered by a key.
 */
export function readChoice(screen: string): { readonly options: readonly AgentChoice[] } | null {
  const lines = plainText(screen)
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-mostLines);
  return readNumbered(lines) ?? readUnnumbered(lines);
}

function readNumbered(lines: readonly string[]): { readonly options: readonly AgentChoice[] } | null {
  const found = lines.flatMap((line, index) => {
    const [, mark, answer = "", label = ""] = option.exec(line) ?? [];
    return answer === "" ? [] : [{ index, isMarked: mark !== undefined, answer, label: clean(label) }];
  });
  const start = found.findLastIndex(({ answer }) => answer === "1");
  const options = found.slice(Math.max(start, 0)).filter(({ answer }, place) => answer === String(place + 1));
  const [last] = options.slice(-1);
  if (last === undefined || options.length < 2 || options.every(({ isMarked }) => !isMarked)) return null;
  const after = lines.slice(last.index + 1);
  // What was typed earlier may look like a choice; then the field is below it.
  if (after.length > mostAfter || after.some((line) => field.test(line))) return null;
  return { options: options.map(({ answer, label }) => ({ answer, label })) };
}

function readUnnumbered(lines: readonly string[]): { readonly options: readonly AgentChoice[] } | null {
  const asks = lines.slice(-2).some((line) => hint.test(line));
  return asks && lines.slice(-mostAfter - 4).some((line) => marked.test(line)) ? { options: [] } : null;
}

/** Without the key that some programs name after an option, and the frame around it. */
function clean(label: string): string {
  return label.replace(/[│┃|\s]+$/u, "").replace(/\s+\((?:\w|esc)\)$/u, "");
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
