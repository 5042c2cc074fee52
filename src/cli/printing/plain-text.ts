/** Complete escape sequences: CSI (`ESC [ … m`), OSC and similar up to their terminator, and two-character escapes. */
const escapeSequence =
  // eslint-disable-next-line no-control-regex -- these are removed
  /\u001B(?:\[[0-?]*[ -/]*[@-~]?|[\]P^_X][^\u0007\u001B\u009C]*(?:\u0007|\u001B\\|\u009C)?|[ -/]*[0-~]?)|\u009B[0-?]*[ -/]*[@-~]?/gu;
// eslint-disable-next-line no-control-regex -- these are removed, too
const controlCharacter = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/gu;
/** Characters that reorder text or hide it. */
const invisible = /[\u061C\u200B\u200E\u200F\u202A-\u202E\u2028\u2029\u2060-\u2069\uFEFF]/gu;

/**
 * Makes untrusted text safe to print: removes escape sequences, control characters and direction changes.
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

/** JSON that is safe to print: escapes as `\uXXXX` what JSON leaves as it is (C1 controls, direction changes). */
export function toPlainJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(
    /[\u007F-\u009F\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
