import { readStyledRows } from "../../terminal/styled-rows.ts";
import { questionAbove, type ScreenChoice } from "./screen-choice.ts";
import type { ScreenLine } from "./screen-lines.ts";

/** The line of hints that ends OpenCode's dialogs. A wide screen has the options before it, in the same row. */
const hints = /(?:ctrl\+\w+ \w+\s+)?⇆ select\s+enter confirm.*$/u;
/** The options are boxes with a margin of one column, and one column between them. */
const between = "   ";
// oxlint-disable-next-line no-control-regex -- they set the background
const piece = /\u001B\[([\d;:]*)m|\u001B|[^\u001B]+/gu;

/** Options beside each other, the marked one on a background of its own: OpenCode's permissions. */
export function readInRow(screen: string, lines: readonly ScreenLine[]): ScreenChoice | null {
  const end = lines.findLastIndex(({ text }) => hints.test(text));
  if (end === -1 || end < lines.length - 2) return null;
  const isBeside = (lines[end]?.text.replace(hints, "") ?? "") !== "";
  const place = isBeside ? end : end - 1;
  const line = lines[place];
  if (line === undefined) return null;
  const labels = line.text
    .replace(hints, "")
    .split(between)
    .map((label) => label.trim())
    .filter((label) => label !== "");
  return {
    question: questionAbove(lines, place),
    options: labels.length < 2 ? [] : labels.map((label, index) => ({ answer: String(index + 1), label })),
    keys: "right",
    marked: findMarked(screen, line, labels),
  };
}

/** The index of the only label that is not on the background between the labels; null if there is no such label. */
function findMarked(screen: string, line: ScreenLine, labels: readonly string[]): number | null {
  const row = readStyledRows(screen.split("\n").map((text) => Buffer.from(text)))[line.row];
  if (row === undefined) return null;
  const { text, backgrounds } = readBackgrounds(`${row.style}${row.text.toString()}`);
  let from = text.indexOf(line.text);
  const places = labels.map((label) => {
    const at = text.indexOf(label, from);
    from = at + label.length;
    return at;
  });
  const [first = "", second = 0] = [labels[0], places[1]];
  const ground = backgrounds[(places[0] ?? 0) + first.length + 1];
  if (second === 0 || ground === undefined || places.includes(-1)) return null;
  const found = places.flatMap((at, index) => (backgrounds[at] === ground ? [] : [index]));
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** A row's text, and the background of each of its UTF-16 units. */
function readBackgrounds(styled: string): { readonly text: string; readonly backgrounds: readonly string[] } {
  let text = "";
  let background = "";
  let inverse = "";
  const backgrounds: string[] = [];
  for (const [words, values] of styled.matchAll(piece)) {
    if (values === undefined) {
      text += words;
      backgrounds.push(...Array.from({ length: words.length }, () => `${inverse}${background}`));
      continue;
    }
    const codes = values.split(/[;:]/u);
    const [kind = ""] = codes;
    if (/^(?:4\d|10[0-7])$/.test(kind)) background = values === "49" ? "" : values;
    else if (/^0?$/.test(kind)) [background, inverse] = ["", codes.includes("7") ? "inverse " : ""];
    else if (!/^[3589]/.test(kind)) inverse = codes.includes("7") ? "inverse " : codes.includes("27") ? "" : inverse;
  }
  return { text, backgrounds };
}
