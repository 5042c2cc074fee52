import { Parser } from "htmlparser2";

/** Elements that the editor writes; of others, only the content is kept. */
const kept = new Set(
  "a b blockquote br code del div em font h1 h2 h3 h4 h5 h6 hr i img li ol p pre s span strike strong sub sup table tbody td tfoot th thead tr u ul".split(
    " ",
  ),
);
const empty = new Set(["br", "hr", "img"]);
const attributes = new Set(
  "align alt bgcolor class color colspan face height href rowspan size src start style target title valign width".split(
    " ",
  ),
);

/** Content that is rejected: "contained invalid input. Search 'HTML Whitelist' at help.rallydev.com for details." */
const refused =
  /<\s*\/?\s*(?:script|iframe|object|embed|applet|meta|link|style|form|base)\b|<[^>]*\son\w+\s*=|<[^>]*(?:href|src)\s*=\s*["']?\s*javascript:/i;

export function isRefused(html: string): boolean {
  return refused.test(html);
}

/**
 * Rich text as Rally stores it: removes comments, and elements and attributes outside the allowed list. `isThorough`: also removes invisible content. Which
 * variant the real server uses is not published.
 */
export function keepAllowed(html: string, isThorough: boolean): string {
  const out: string[] = [];
  const parser = new Parser({
    onopentag(name, given) {
      if (!kept.has(name)) return;
      const written = Object.entries(given)
        .filter(([attribute]) => attributes.has(attribute))
        .map(([attribute, value]) => ` ${attribute}="${escapeText(value).replaceAll('"', "&quot;")}"`);
      out.push(`<${name}${written.join("")}${empty.has(name) ? " /" : ""}>`);
    },
    ontext(text) {
      out.push(escapeText(isThorough ? text.replace(/\p{Cf}/gu, "") : text));
    },
    onclosetag(name) {
      if (kept.has(name) && !empty.has(name)) out.push(`</${name}>`);
    },
  });
  parser.end(html);
  return out.join("");
}

/** Escapes plain text as HTML. */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
