/**
 * Whether a list's markdown is read as one right below a line of text: one that begins with an empty item, or with another number than 1, would be one
 * more line of that text. https://spec.commonmark.org/0.31.2/#list-items
 */
export function isListBelowText(list: string): boolean {
  return /^(?:[-*+]|1[.)])[ \t]+\S/.test(list);
}
