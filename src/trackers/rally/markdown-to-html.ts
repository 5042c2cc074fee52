import { Marked } from "marked";
import { restoreCodeTabs } from "../code-tabs.ts";
import { readMarker } from "./marker.ts";
import { toAddress } from "./markdown-text.ts";

/**
 * Markdown as the HTML that Rally's editor keeps, so that it reads back the same. Markup that somebody typed is text, for Rally would refuse some of it and drop
 * some. Line ends are kept, as the dashboard shows them. `server` completes the addresses without one.
 */
export function markdownToHtml(markdown: string, server: string): string {
  const clean = readMarker(markdown.replaceAll("\u0000", "").replaceAll("\r\n", "\n")).text;
  return convert(clean, server).trim();
}

function convert(markdown: string, server: string): string {
  const marked = new Marked({
    gfm: true,
    breaks: true,
    renderer: {
      // Behind a tag that somebody typed, the parser takes text for markup as well.
      text(token) {
        return "tokens" in token && token.tokens ? this.parser.parseInline(token.tokens) : escapeText(token.text);
      },
      html: ({ text, block }) => (block ? `<p>${lines(text)}</p>\n` : escapeHtml(text)),
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
      // The editor has no boxes to tick: people write them.
      checkbox: ({ checked }) => (checked ? "[x] " : "[ ] "),
      link({ href, tokens, raw }) {
        const address = toAddress(href, server);
        const text = this.parser.parseInline(tokens);
        // Without words nothing of it would be seen, nor kept.
        if (text.trim() === "") return escapeHtml(raw);
        return address === null ? text : `<a href="${escapeHtml(address)}">${text}</a>`;
      },
      image: ({ href, text, raw }) => picture(toAddress(href, server), text, raw),
    },
  });
  const tokens = marked.lexer(markdown);
  restoreCodeTabs(tokens, markdown);
  return marked.parser(tokens);
}

function codeBlock(text: string, lang: string | undefined): string {
  const word = /^[\p{L}\p{N}_+#.-]+/u.exec(lang ?? "")?.[0];
  // Readers drop the line end that an element of code begins with.
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

/** Entities that were written as such stay. */
function escapeText(text: string): string {
  return escapeHtml(text).replace(/&amp;(?=(?:#\d{1,7}|#x[\da-f]{1,6}|\w{1,31});)/gi, "&");
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
