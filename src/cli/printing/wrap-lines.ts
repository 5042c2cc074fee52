import { stripVTControlCharacters } from "node:util";
import { textWidth } from "./text-width.ts";

/**
 * Breaks lines that are wider than `width` between words; what continues is `indent` columns further in than its line. Spaces inside a line stay, because they
 * align columns. A word that is too long stays whole, so that an address can still be copied.
 */
export function wrapLines(text: string, width: number, indent = 2): string {
  return text
    .split("\n")
    .map((line) => wrapLine(line, width, indent))
    .join("\n");
}

function wrapLine(text: string, width: number, indent: number): string {
  if (textWidth(stripVTControlCharacters(text)) <= width) return text;
  const before = `${/^ */.exec(text)?.[0]}${" ".repeat(indent)}`;
  const lines = [""];
  for (const word of text.split(/(?<=\S)(?= )/)) {
    const line = `${lines.at(-1)}${word}`;
    if (lines.at(-1) === "" || textWidth(stripVTControlCharacters(line)) <= width) lines[lines.length - 1] = line;
    else lines.push(`${before}${word.trimStart()}`);
  }
  return lines.join("\n");
}
