import { Marked, type Token, type Tokens } from "marked";
import { restoreCodeTabs } from "../../code-tabs.ts";
import { findTagPair, type MarkTag } from "../../tag-pairs.ts";
import { readMarker } from "../marker.ts";
import { toAddress } from "./markdown-text.ts";

/**
 * Converts Markdown to the HTML that Rally's editor keeps, so that it reads back the same. HTML in the text is escaped, because Rally would refuse or drop some
 * of it, except tags that mark words. Line ends are kept, as the dashboard shows them. `server` completes relative URLs.
 */
export function markdownToHtml(markdown: string, server: string): string {
  const clean = readMarker(markdown.replaceAll("\u0000", "").replaceAll("\r\n", "\n")).text;
  return convert(clean, server).trim();
}

function convert(markdown: string, server: string): string {
  /** What to write for the tags that are marks. */
  const pairs = new Map<Token | Tokens.Tag, string>();
  const marked = new Marked({
    gfm: true,
    breaks: true,
    renderer: {
      // After an HTML tag in the text, the parser reads text as markup, too.
      text(token) {
        return "tokens" in token && token.tokens ? this.parser.parseInline(token.tokens) : escapeText(token.text);
      },
      html: (token) => pairs.get(token) ?? (token.block ? `<p>${lines(token.text)}</p>\n` : escapeHtml(token.text)),
      br: () => "<br />",
      hr: () => "<hr />\n",
      strong({ tokens }) {
        return `<b>${this.parser.parseInline(tokens)}</b>`;
      },
      em({ tokens }) {
        return `<i>${this.parser.parseInline(tokens)}</i>`;
      },
      del({ tokens }) {
        return `<s>${this.parser.parseInline(tokens)}</s>`;
      },
      code: ({ text, lang }) => codeBlock(text, lang),
      // The editor has no checkboxes, so users type them.
      checkbox: ({ checked }) => (checked ? "[x] " : "[ ] "),
      link({ href, tokens, raw }) {
        const address = toAddress(href, server);
        const text = this.parser.parseInline(tokens);
        // A link without text would be neither visible nor kept.
        if (text.trim() === "") return escapeHtml(raw);
        return address === null ? text : `<a href="${escapeHtml(address)}">${text}</a>`;
      },
      image: ({ href, text, raw }) => picture(toAddress(href, server), text, raw),
    },
  });
  const tokens = marked.lexer(markdown);
  restoreCodeTabs(tokens, markdown);
  void marked.walkTokens(tokens, (token) => {
    for (const inner of innerTokens(token)) findPairs(inner, pairs);
  });
  return marked.parser(tokens);
}

/** The tags' elements in Rally's editor. */
const elements: Readonly<Record<MarkTag, string>> = {
  strong: "b",
  b: "b",
  em: "i",
  i: "i",
  del: "s",
  s: "s",
  u: "u",
  sub: "sub",
  sup: "sup",
};

/** Tokens that share a line: of a table, those of each cell. */
function innerTokens(token: Token): readonly (readonly Token[])[] {
  if (token.type === "table") {
    const { header, rows } = token as Tokens.Table;
    return [header, ...rows].flat().map((cell) => cell.tokens);
  }
  return "tokens" in token && token.tokens ? [token.tokens] : [];
}

function findPairs(tokens: readonly Token[], found: Map<Token | Tokens.Tag, string>): void {
  for (let at = 0; at < tokens.length; at += 1) {
    const [start, pair] = [tokens[at], findTagPair(tokens, at)];
    const end = pair === null ? undefined : tokens[pair.end];
    if (start === undefined || pair === null || end === undefined) continue;
    found.set(start, `<${elements[pair.tag]}>`);
    found.set(end, `</${elements[pair.tag]}>`);
    // Only inside: pairs do not cross.
    findPairs(tokens.slice(at + 1, pair.end), found);
    at = pair.end;
  }
}

function codeBlock(text: string, lang: string | undefined): string {
  const word = /^[\p{L}\p{N}_+#.-]+/u.exec(lang ?? "")?.[0];
  // Parsers drop the line end at the start of a code element.
  const code = (text.startsWith("\n") ? "\n" : "") + escapeHtml(text);
  return `<pre>${word === undefined ? code : `<code class="language-${escapeHtml(word)}">${code}</code>`}</pre>\n`;
}

function picture(address: string | null, text: string, raw: string): string {
  if (address === null) return text.trim() === "" ? escapeHtml(raw) : escapeText(text);
  return `<img src="${escapeHtml(address)}" alt="${escapeText(text)}" />`;
}

function lines(text: string): string {
  return escapeHtml(text.trimEnd()).replaceAll("\n", "<br />");
}

/** Escapes text but keeps its character references. */
function escapeText(text: string): string {
  return escapeHtml(text).replace(/&amp;(?=(?:#\d{1,7}|#x[\da-f]{1,6}|\w{1,31});)/gi, "&");
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
