import type { Token, Tokens } from "marked";

/** The HTML tags that format text where Markdown's own syntax cannot. Only a pair without attributes counts; a single tag is text. */
export const markTags = ["strong", "b", "em", "i", "del", "s", "u", "sub", "sup"] as const;
export type MarkTag = (typeof markTags)[number];

/** A text without these tags. */
export function withoutMarkTags(text: string): string {
  return text.replace(anyMarkTag, "");
}

const anyMarkTag = new RegExp(`</?(?:${markTags.join("|")})>`, "gi");

/** The tag pair that starts at a token, and where it ends; null if none does. */
export function findTagPair(
  tokens: readonly Token[],
  start: number,
): { readonly tag: MarkTag; readonly end: number } | null {
  const tag = tagOf(tokens[start]);
  if (tag === null || tag.closes) return null;
  let depth = 0;
  for (let at = start; at < tokens.length; at += 1) {
    const other = tagOf(tokens[at]);
    if (other?.name !== tag.name) continue;
    depth += other.closes ? -1 : 1;
    if (depth === 0) return { tag: tag.name, end: at };
  }
  return null;
}

function tagOf(token: Token | undefined): { readonly name: MarkTag; readonly closes: boolean } | null {
  if (token?.type !== "html") return null;
  const found = /^<(\/?)(\w+)>$/.exec((token as Tokens.HTML).text);
  const name = markTags.find((one) => one === found?.[2]?.toLowerCase());
  return name === undefined ? null : { name, closes: found?.[1] !== "" };
}
