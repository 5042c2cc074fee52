import type { OperationMark } from "../tracker.ts";

/**
 * Rally has no idempotency key and keeps rich text by a list of elements that drops comments (knowledge.broadcom.com/external/article/57577 and the refusals that name
 * its "HTML Whitelist"). What Panopticon makes carries the operation's id in characters without width behind the text: no reader sees them, and they are text
 * to any list. Should a server drop them too, what was made is told by its author, time and words (`write/find-written.ts`).
 */
const digits = ["\u200B", "\u200C", "\u200D", "\u2060"] as const;
const frame = "\u2060\u200B\u2060";
/** Four of these digits are two hexadecimal ones. */
const length = 64;
const pattern = new RegExp(`${frame}([${digits.join("")}]{${length}})`, "g");

/** The mark as it is put behind a text. */
export function toMarker(id: OperationMark["id"]): string {
  const written = [...id.replaceAll("-", "")].map((digit) => {
    const value = Number.parseInt(digit, 16);
    return `${digits[value >> 2] ?? ""}${digits[value & 3] ?? ""}`;
  });
  return frame + written.join("");
}

/** The text as people know it, and the id of the operation that made it; null: made by others. */
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
