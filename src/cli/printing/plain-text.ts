/** Terminal commands as a whole: CSI (`ESC [ … m`), OSC and its kin up to their end, and two-letter escapes. */
const escapeSequence =
  // eslint-disable-next-line no-control-regex -- these are what is taken out
  /\u001B(?:\[[0-?]*[ -/]*[@-~]?|[\]P^_X][^\u0007\u001B\u009C]*(?:\u0007|\u001B\\|\u009C)?|[ -/]*[0-~]?)|\u009B[0-?]*[ -/]*[@-~]?/gu;
// eslint-disable-next-line no-control-regex -- likewise
const controlCharacter = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/gu;
/** Characters that make text show in another order than it is written, or not at all. */
const invisible = /[\u061C\u200B\u200E\u200F\u202A-\u202E\u2028\u2029\u2060-\u2069\uFEFF]/gu;

/**
 * Text from elsewhere as it may go to a terminal: without escape sequences, control characters and changes of direction.
 * Line breaks and tabs stay.
 */
export function plainText(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(escapeSequence, "")
    .replace(controlCharacter, "")
    .replace(invisible, "")
    .replace(/\p{Surrogate}/gu, "\uFFFD");
}

/** The same on one line: line breaks and tabs become spaces. */
export function plainLine(text: string): string {
  return plainText(text.replace(/[\r\n\t\u0085\u2028\u2029]+/gu, " ")).trim();
}

/** JSON whose strings cannot command a terminal: what JSON leaves as it is (C1 controls, changes of direction) is written as `\uXXXX`. */
export function toPlainJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(
    /[\u007F-\u009F\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
