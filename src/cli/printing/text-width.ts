import { characterWidth } from "../../domain/character-width.ts";

const ascii = /^[\x20-\x7e]*$/;
/** A pair of regional indicators, which forms a flag. */
const flag = /^[\u{1F1E6}-\u{1F1FF}]{2}/u;
const pictograph = /^\p{Extended_Pictographic}/u;
const emojiSigns = /\uFE0F|\p{Emoji_Modifier}/u;

// Created for the first non-ASCII text: creating it takes as long as the rest of a listing.
let segmenter: Intl.Segmenter | undefined;

function segments(text: string): string[] {
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

function widthOf(segment: string): number {
  // A text character followed by U+FE0F or a skin tone is an emoji, which is wide too.
  if (emojiSigns.test(segment) || flag.test(segment)) return 2;
  const characters = [...segment];
  // Joined emoji are one picture; joined letters, as in Indian scripts, have a column each.
  const counted = pictograph.test(segment) ? characters.slice(0, 1) : characters;
  return counted.reduce((sum, character) => sum + characterWidth(character), 0);
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

/** Breaks a text into lines of at most `columns`, between words where possible. */
export function wrapText(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/ +/)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (textWidth(longer) <= columns) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    line = "";
    for (const segment of textWidth(word) <= columns ? [word] : segments(word)) {
      if (line !== "" && textWidth(line + segment) > columns) {
        lines.push(line);
        line = "";
      }
      line += segment;
    }
  }
  return [...lines, line];
}

/** Pads a text with spaces to a width. */
export function padText(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - textWidth(text)));
}
