/**
 * Whether a list can follow a line of text directly. If its first item is empty or has a number other than 1, Markdown reads it as another line of that text.
 * https://spec.commonmark.org/0.31.2/#list-items
 */
export function isListBelowText(list: string): boolean {
  return /^(?:[-*+]|1[.)])[ \t]+\S/.test(list);
}
