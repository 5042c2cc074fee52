const ascii = /^[\x20-\x7e]*$/;
const wide =
  /^(?:\p{Emoji_Presentation}|\p{RGI_Emoji}|[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}])/v;

let segmenter: Intl.Segmenter | undefined;

function segments(text: string): string[] {
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

const widthOf = (segment: string) => (wide.test(segment) ? 2 : /^\p{Mark}+$/u.test(segment) ? 0 : 1);

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
