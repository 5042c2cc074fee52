import { characterWidth } from "../../domain/character-width.ts";

const ascii = /^[\x20-\x7e]*$/;
/** A pair of regional indicators, which forms a flag. */
const flag = /^[\u{1F1E6}-\u{1F1FF}]{2}/u;

// Created for the first non-ASCII text: creating it takes as long as the rest of a listing.
let segmenter: Intl.Segmenter | undefined;

function segments(text: string): string[] {
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

function widthOf(segment: string): number {
  // A text character followed by U+FE0F is an emoji, which is wide too.
  if (segment.includes("\uFE0F") || flag.test(segment)) return 2;
  return characterWidth(String.fromCodePoint(segment.codePointAt(0) ?? 0));
}

/** The columns a text takes in a terminal; East Asian characters and emoji take two. */
export function textWidth(text: string): number {
  return ascii.test(text) ? text.length : segments(text).reduce((sum, segment) => sum + widthOf(segment), 0);
}

/** Cuts a text to a width, with an ellipsis if something is left out. */
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

/** Pads a text with spaces to a width. */
export function padText(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - textWidth(text)));
}
