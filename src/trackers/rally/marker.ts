import type { OperationMark } from "../tracker.ts";

/**
 * Rally has no idempotency key, and its allowlist of rich-text elements drops comments (knowledge.broadcom.com/external/article/57577 and the refusals that
 * name its "HTML Whitelist"). Whatever Panopticon creates carries the operation's id in zero-width characters after the text: they are invisible, and text to
 * any allowlist. If a server drops them, too, the result is identified by author, time and text (`write/find-written.ts`).
 */
const digits = ["\u200B", "\u200C", "\u200D", "\u2060"] as const;
const frame = "\u2060\u200B\u2060";
/** Two of these digits encode one hexadecimal digit. */
const length = 64;
const pattern = new RegExp(`${frame}([${digits.join("")}]{${length}})`, "g");

/** The mark to append to a text. */
export function toMarker(id: OperationMark["id"]): string {
  const written = [...id.replaceAll("-", "")].map((digit) => {
    const value = Number.parseInt(digit, 16);
    return `${digits[value >> 2] ?? ""}${digits[value & 3] ?? ""}`;
  });
  return frame + written.join("");
}

/** The text without the mark, and the id of the operation that created it; null if it was not created by Panopticon. */
export function readMarker(text: string): { readonly text: string; readonly id: string | null } {
  if (!text.includes(frame)) return { text, id: null };
  const [found] = text.matchAll(pattern);
  return { text: text.replace(pattern, "").trimEnd(), id: found === undefined ? null : toId(found[1] ?? "") };
}

function toId(marker: string): string {
  const values = [...marker].map((sign) => digits.findIndex((digit) => digit === sign));
  const hex = values.flatMap((high, index) => {
    return index % 2 === 0 ? [((high << 2) | (values[index + 1] ?? 0)).toString(16)] : [];
  });
  return hex.join("").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
