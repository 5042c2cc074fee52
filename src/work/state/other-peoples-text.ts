import { plainText } from "../../domain/plain-text.ts";

/** Wraps other people's text in fences longer than any in it, so that readers know where it ends. */
export function fenced(text: string): string {
  const plain = plainText(text).trimEnd();
  const longest = Math.max(3, ...Array.from(plain.matchAll(/~{3,}/g), ([run]) => run.length));
  const fence = "~".repeat(longest + 1);
  return `${fence}text from the tracker\n${plain}\n${fence}`;
}

/** A title or a name on one line, without anything that looks like a Markdown comment. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .replaceAll("<!--", "<! --")
    .trim();
}
