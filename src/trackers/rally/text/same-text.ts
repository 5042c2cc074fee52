import { withoutMarkTags } from "../../tag-pairs.ts";
import { htmlToMarkdown } from "./html-to-markdown.ts";
import { markdownToHtml } from "./markdown-to-html.ts";

/** A text after Rally stored it. */
export function asKept(markdown: string, server: string): string {
  return htmlToMarkdown(markdownToHtml(markdown, server), server);
}

/** Whether a text in Rally is the one that was written. Rally does not publish which elements it drops, so if the marks differ, the letters decide. */
export function isSameText(written: string, found: string, server: string): boolean {
  if (written === found) return true;
  const [a, b] = [asKept(written, server), asKept(found, server)];
  return a === b || lettersOf(a) === lettersOf(b);
}

function lettersOf(text: string): string {
  return withoutMarkTags(text).replace(/[^\p{L}\p{N}]+/gu, "");
}
