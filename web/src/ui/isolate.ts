/** Characters that override or embed a direction, or isolate, for all text that follows them. */
const directions = /[\u202A-\u202E\u2066-\u2069]/gu;

/** Those, and letters that are written from right to left. */
const turning =
  /[\u0590-\u08FF\u200F\u202A-\u202E\u2066-\u2069\uFB1D-\uFDFF\uFE70-\uFEFE\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/** Removes the characters that set the direction of everything after them. Letters keep their own direction. */
export function withoutDirections(text: string): string {
  return text.replace(directions, "");
}

/** A user's text for use inside a sentence that cannot have elements, such as a window's title, so that it does not change the direction of what follows. */
export function isolate(text: string): string {
  return turning.test(text) ? `\u2068${withoutDirections(text)}\u2069` : text;
}
