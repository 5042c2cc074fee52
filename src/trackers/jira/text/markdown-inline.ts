import { decodeHTMLStrict } from "entities";
import type { Token, Tokens } from "marked";
import { findTagPair, type MarkTag } from "../../tag-pairs.ts";
import type { Mark, Node } from "./document.ts";
import { plainAddress } from "./markdown-text.ts";

/** A temporary node for an image, with `url` and `alt`, until its form is decided; not part of the format. */
export const pictureType = "picture";

/** Inline Markdown as document nodes: adjacent texts with the same marks are joined, lines are trimmed. */
export function toInlineNodes(tokens: readonly Token[] | undefined): Node[] {
  return tidy(toNodes(tokens ?? [], []));
}

/** The same on a single line. */
export function toInlineLine(tokens: readonly Token[] | undefined): Node[] {
  return tidy(
    toNodes(tokens ?? [], []).map((node) => (node.type === "hardBreak" ? { type: "text", text: " " } : node)),
  );
}

const tagMarks: Readonly<Record<MarkTag, Mark>> = {
  strong: { type: "strong" },
  b: { type: "strong" },
  em: { type: "em" },
  i: { type: "em" },
  del: { type: "strike" },
  s: { type: "strike" },
  u: { type: "underline" },
  sub: { type: "subsup", attrs: { type: "sub" } },
  sup: { type: "subsup", attrs: { type: "sup" } },
};

function toNodes(tokens: readonly Token[], marks: readonly Mark[]): Node[] {
  const found: Node[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const pair = findTagPair(tokens, at);
    if (pair === null) {
      found.push(...toNode(tokens[at] as Tokens.Generic, marks));
      continue;
    }
    found.push(...toNodes(tokens.slice(at + 1, pair.end), withMark(marks, tagMarks[pair.tag])));
    at = pair.end;
  }
  return found;
}

function toNode(token: Tokens.Generic, marks: readonly Mark[]): Node[] {
  const inner = (mark: Mark) => toNodes(token.tokens ?? [], withMark(marks, mark));
  switch (token.type) {
    case "strong":
      return inner({ type: "strong" });
    case "em":
      return inner({ type: "em" });
    case "del":
      return inner({ type: "strike" });
    case "codespan":
      return text(textOf(token), [{ type: "code" }, ...marks.filter(({ type }) => type === "link")]);
    case "br":
      return [{ type: "hardBreak" }];
    case "link":
      return toLink(token as Tokens.Link, marks);
    case "image": {
      const { href } = token as Tokens.Image;
      const alt = toNodes(token.tokens ?? [], [])
        .map(({ text: words }) => words ?? "")
        .join("");
      return [{ type: pictureType, attrs: { url: plainAddress(decoded(href)), alt }, ...marked(marks) }];
    }
    case "html":
      return /^<br\s*\/?>$/i.test(textOf(token)) ? [{ type: "hardBreak" }] : text(textOf(token), marks);
    case "escape":
      return text(textOf(token), marks);
    case "checkbox":
      return [];
    default:
      return token.tokens === undefined ? text(decoded(textOf(token)), marks) : toNodes(token.tokens, marks);
  }
}

/** `<https://…>` becomes a card, a bare URL a link. */
function toLink(token: Tokens.Link, marks: readonly Mark[]): Node[] {
  const href = plainAddress(decoded(token.href));
  if (token.raw.startsWith("<") && /^https?:/i.test(href)) return [{ type: "inlineCard", attrs: { url: href } }];
  if (href === "") return toNodes(token.tokens, marks);
  const link = withMark(marks, { type: "link", attrs: { href } });
  const inner = toNodes(token.tokens, link);
  return inner.length > 0 ? inner : text(href, link);
}

/** Markdown's character references end with a semicolon: the URL `?a=1&copy=2` contains none. Characters that texts cannot contain become U+FFFD. */
function decoded(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what it replaces
  return decodeHTMLStrict(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "\ufffd");
}

function textOf(token: Tokens.Generic): string {
  return typeof token["text"] === "string" ? token["text"] : token.raw;
}

function text(words: string, marks: readonly Mark[]): Node[] {
  return words === "" ? [] : [{ type: "text", text: words, ...marked(marks) }];
}

function marked(marks: readonly Mark[]): { marks?: readonly Mark[] } {
  return marks.length > 0 ? { marks } : {};
}

/** The outermost link counts, and no mark is applied twice. */
function withMark(marks: readonly Mark[], mark: Mark): readonly Mark[] {
  return marks.some(({ type }) => type === mark.type) ? marks : [...marks, mark];
}

/** Joins adjacent texts and trims every line. */
function tidy(nodes: readonly Node[]): Node[] {
  const joined: Node[] = [];
  for (const node of nodes) {
    const last = joined.at(-1);
    if (node.text !== undefined && last?.text !== undefined && sameMarks(last, node)) {
      joined[joined.length - 1] = { ...last, text: last.text + node.text };
    } else joined.push(node);
  }
  const tidied = joined.flatMap((node, index): Node[] => {
    if (node.text === undefined) return [node];
    const startsLine = isEdge(joined[index - 1]);
    const endsLine = isEdge(joined[index + 1]);
    const trimmed = (startsLine ? node.text.replace(/^[ \t\n]+/, "") : node.text).replace(
      endsLine ? /[ \t\n]+$/ : /$/,
      "",
    );
    return trimmed === "" ? [] : [{ ...node, text: trimmed }];
  });
  const isBreak = ({ type }: Node) => type === "hardBreak";
  const start = tidied.findIndex((node) => !isBreak(node));
  return start === -1 ? [] : tidied.slice(start, tidied.findLastIndex((node) => !isBreak(node)) + 1);
}

function isEdge(node: Node | undefined): boolean {
  return node === undefined || node.type === "hardBreak";
}

function sameMarks(one: Node, other: Node): boolean {
  return JSON.stringify(one.marks ?? []) === JSON.stringify(other.marks ?? []);
}
