/** Full-screen programs move the cursor instead of writing a row of spaces. */
// eslint-disable-next-line no-control-regex -- it is replaced
const forward = /\u001B\[(\d{0,3})C/gu;
const widest = 200;
/** Complete escape sequences: CSI (`ESC [ … m`), OSC and similar up to their terminator, and two-character escapes. */
const escapeSequence =
  // eslint-disable-next-line no-control-regex -- these are removed
  /\u001B(?:\[[0-?]*[ -/]*[@-~]?|[\]P^_X][^\u0007\u001B\u009C]*(?:\u0007|\u001B\\|\u009C)?|[ -/]*[0-~]?)|\u009B[0-?]*[ -/]*[@-~]?/gu;
// eslint-disable-next-line no-control-regex -- these are removed, too
const controlCharacter = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/gu;
/** Characters that reorder text or hide it. */
const invisible = /[\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu;
/**
 * Characters that nobody sees but language models read, so that they can carry orders to an agent: tags, which are of use only in the flags of England,
 * Scotland and Wales, and rows of the variation selectors that are of use only singly, after an ideograph.
 */
const smuggled = /(\u{1F3F4}(?=[\u{E0020}-\u{E007F}]))?[\u{E0000}-\u{E007F}]+|[\u{E0100}-\u{E01EF}]{2,}/gu;
/** A black flag, a subdivision's code such as `gbsct`, and the end, each of two UTF-16 units. */
const longestFlag = 2 * 8;

/**
 * Makes untrusted text safe for a terminal and readable for an agent: removes escape sequences, control characters, direction changes and invisible
 * characters. Line breaks become `\n`, tabs stay.
 */
export function plainText(text: string): string {
  return text
    .replace(/\r\n?|[\u0085\u2028\u2029]/gu, "\n")
    .replace(forward, (_, columns: string) => " ".repeat(Math.min(Number(columns) || 1, widest)))
    .replace(escapeSequence, "")
    .replace(controlCharacter, "")
    .replace(invisible, "")
    .replace(smuggled, (run, flag?: string) => (flag === undefined ? "" : run.length <= longestFlag ? run : flag))
    .replace(/\p{Surrogate}/gu, "\uFFFD");
}

/** The same on one line: line breaks, tabs and runs of spaces become one space. */
export function plainLine(text: string): string {
  return plainText(text).replace(/\s+/gu, " ").trim();
}
