const ascii = /^[\x20-\x7e]*$/;
const wideCharacter =
  /^[\u1100-\u115F\u231A\u231B\u23E9-\u23F3\u25FD\u25FE\u2614\u2615\u2648-\u2653\u267F\u2693\u26A1\u26AA\u26AB\u26BD\u26BE\u26C4\u26C5\u26CE\u26D4\u26EA\u26F2\u26F3\u26F5\u26FA\u26FD\u2705\u270A\u270B\u2728\u274C\u274E\u2753-\u2755\u2757\u2795-\u2797\u27B0\u27BF\u2B1B\u2B1C\u2B50\u2B55\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1F64F}\u{1F680}-\u{1F6FF}\u{1F900}-\u{1FAFF}\u{1F1E6}-\u{1F1FF}\u{20000}-\u{3FFFD}]/u;

// Made when the first text beyond ASCII comes along: it takes as long as all the rest of a listing.
let segmenter: Intl.Segmenter | undefined;

function segments(text: string): string[] {
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

function widthOf(segment: string): number {
  // An emoji by choice (text, then U+FE0F) is wide as well.
  if (wideCharacter.test(segment) || segment.includes("\uFE0F")) return 2;
  return /^\p{Mark}+$/u.test(segment) ? 0 : 1;
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
