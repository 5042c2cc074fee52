import { characterWidth } from "../../domain/character-width.ts";

const ascii = /^[\x20-\x7e]*$/;
/** Two halves of a flag, in one. */
const flag = /^[\u{1F1E6}-\u{1F1FF}]{2}/u;

// Made when the first text beyond ASCII comes along: it takes as long as all the rest of a listing.
let segmenter: Intl.Segmenter | undefined;

function segments(text: string): string[] {
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

function widthOf(segment: string): number {
  // An emoji by choice (text, then U+FE0F) is wide as well.
  if (segment.includes("\uFE0F") || flag.test(segment)) return 2;
  return characterWidth(String.fromCodePoint(segment.codePointAt(0) ?? 0));
}

/** Columns a text takes in a terminal; East Asian and emoji characters take two. */
export function textWidth(text: string): number {
  return ascii.test(text) ? text.length : segments(text).reduce((sum, segment) => sum + widthOf(segment), 0);
}

/** Cuts a text to so many columns, with an ellipsis where something is left out. */
export function cutText(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  if (columns <= 1) return columns === 1 ? "…" : "";
  let width = 0;
  let cut = "";
  for (const segment of ascii.test(text) ? text : segments(text)) {
    width += widthOf(segment);
    if (width > columns - 1) break;
    cut += segment;
  }
  return `${cut.trimEnd()}…`;
}

/** Fills a text with spaces up to so many columns. */
export function padText(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - textWidth(text)));
}
