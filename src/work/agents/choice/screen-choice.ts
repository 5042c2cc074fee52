import type { AgentChoice } from "../../../domain/agent.ts";
import { plainLine } from "../../../domain/plain-text.ts";
import type { ScreenLine } from "./screen-lines.ts";

/** Explanations and hints after the last option. */
export const mostAfter = 6;

const asking = /^△|\?(?:\s|$)|\b(?:permission|approval) required\b/iu;

/** A choice that a program's screen ends with. */
export type ScreenChoice = {
  /** The line that seems to ask. */
  readonly question: string;
  /** Numbered from 1, as on the screen or by their order. Empty if it cannot be told what they are: then no message answers. */
  readonly options: readonly AgentChoice[];
  /** What takes an option: the key of its number, or Enter after arrow keys in this direction. */
  readonly keys: "number" | "down" | "right";
  /** The index of the option that Enter takes; null if it cannot be told. */
  readonly marked: number | null;
};

/** The line above an option that seems to ask. */
export function questionAbove(lines: readonly ScreenLine[], end: number): string {
  const above = lines.slice(Math.max(0, end - 10), end).map(({ text }) => text);
  return plainLine(above.findLast((line) => asking.test(line)) ?? above.at(-1) ?? "It asks to choose.");
}

/** Without the key that some programs name after an option. */
export function cleanLabel(label: string): string {
  return label.replace(/\s+\((?:\w|esc)\)$/u, "");
}

/** What a short answer means where the options have other words. Never what holds for longer than the one question. */
const shortAnswers = [
  { word: "yes", begins: /^(?:yes|allow once)\b/i },
  { word: "no", begins: /^(?:no|reject|deny|don['’]t)\b/i },
] as const;

/** The index of the option that a message means: its number, its words, or yes or no; null if there is no such option. */
export function optionOf(options: readonly AgentChoice[], text: string): number | null {
  const words = text.trim().toLowerCase();
  const short = shortAnswers.find(({ word }) => words === word || words === word[0]);
  const tests: readonly ((one: AgentChoice) => boolean)[] = [
    ({ answer }) => answer === words,
    ({ label }) => label.toLowerCase() === words,
    ({ label }) => short?.begins.test(label) ?? false,
  ];
  const found = tests.map((is) => options.findIndex(is)).find((index) => index !== -1);
  return found ?? null;
}
