import type { NativeAttachment } from "../domain/issue.ts";
import { decodePercent } from "../domain/decode-percent.ts";

const address = /https?:\/\/[^\s<>"'`\\)\]]+/g;

/** Further files are not listed; the text itself shows them. */
const maxFiles = 100;

/**
 * The files that a Markdown text links to or embeds, once each and in order: URLs that `isFile` accepts as the tracker's own. Named after the link text or the
 * image's description, else after the end of the URL.
 */
export function findLinkedFiles(markdown: string, isFile: (url: URL) => boolean): NativeAttachment[] {
  const found = new Map<string, NativeAttachment>();
  for (const match of markdown.matchAll(address)) {
    const url = URL.parse(match[0].replace(/[.,;:!?]+$/, ""));
    if (url === null || found.has(url.href) || !isFile(url)) continue;
    const before = markdown.slice(Math.max(0, match.index - 300), match.index);
    const after = markdown.slice(match.index, match.index + match[0].length + 300);
    const name = nameBefore(before) ?? nameAround(before, after) ?? nameIn(url);
    found.set(url.href, { id: url.href, name, url: url.href, contentType: null, size: null });
    if (found.size === maxFiles) break;
  }
  return [...found.values()];
}

/** `[words](` or `![words](`. */
function nameBefore(before: string): string | null {
  return /\[([^[\]]+)\]\(<?$/.exec(before)?.[1]?.trim() || null;
}

/** `<img alt="words" src="…">`, with the attributes in any order. */
function nameAround(before: string, after: string): string | null {
  const head = /<img\b[^<>]*$/i.exec(before)?.[0];
  if (head === undefined) return null;
  const tag = head + (/^[^<>]*/.exec(after)?.[0] ?? "");
  return /\balt=["']([^"']+)["']/i.exec(tag)?.[1]?.trim() || null;
}

function nameIn(url: URL): string {
  const last = url.pathname.split("/").findLast((part) => part !== "") ?? url.host;
  return decodePercent(last);
}
