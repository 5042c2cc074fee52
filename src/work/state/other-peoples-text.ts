import { plainText } from "../plain-text.ts";

/** Text that other people wrote, between fences longer than any in it: whoever reads it knows where it ends. */
export function fenced(text: string): string {
  const plain = plainText(text).trimEnd();
  const longest = Math.max(3, ...Array.from(plain.matchAll(/~{3,}/g), ([run]) => run.length));
  const fence = "~".repeat(longest + 1);
  return `${fence}text from the tracker\n${plain}\n${fence}`;
}

/** A title or a name on one line; nothing in it looks like a comment of markdown. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .replaceAll("<!--", "<! --")
    .trim();
}
