import { Parser } from "htmlparser2";
import { closeFrame } from "./markdown-blocks.ts";
import { type Frame, isSaid, openFrame } from "./markdown-frame.ts";
import { append, breakLine, endLine, endText, takeBlocks } from "./markdown-line.ts";
import { escapeText, toAddress } from "./markdown-text.ts";

/** Elements whose contents are not the author's text. */
const hiddenTags = new Set(["script", "style", "title", "template", "iframe", "noembed", "noframes"]);

/** Elements that have a meaning in Markdown; only the contents of all others are used. */
const framedTags = new Set(
  "p div h1 h2 h3 h4 h5 h6 blockquote ul ol li pre table tr td th strong b em i del s strike u sub sup code kbd samp tt a".split(
    " ",
  ),
);

const blockTags = new Set(
  "p div h1 h2 h3 h4 h5 h6 blockquote ul ol li pre table thead tbody tfoot tr td th caption dl dt dd section article header footer main nav aside figure figcaption form fieldset address details summary center".split(
    " ",
  ),
);

/** The maximum depth; only the contents of deeper elements are used. */
const deepest = 60;

/** More open elements are an accident or an attack, and would take the parser minutes. */
const maxOpen = 2_000;

class TooDeepError extends Error {}

type Entry =
  | { readonly kind: "frame"; readonly frame: Frame }
  | { readonly kind: "contents"; readonly isBlock: boolean }
  | { readonly kind: "hidden" };

/**
 * Converts the HTML of Rally's editor to Markdown. Accepts any text: malformed HTML is parsed as in browsers. Removes scripts, styles, event handlers and URLs
 * other than http, https, mailto and tel. `server` completes the editor's relative URLs.
 */
export function htmlToMarkdown(html: string, server: string): string {
  try {
    return convert(html, server);
  } catch (error) {
    if (!(error instanceof TooDeepError)) throw error;
    return convert(withoutTags(html), server);
  }
}

function withoutTags(html: string): string {
  return html
    .replace(/<(script|style)\b[^]*?(?:<\/\1|$)/gi, " ")
    .replace(/<\/?[a-z][^<>]*>/gi, " ")
    .replaceAll("<", "&lt;");
}

function convert(html: string, server: string): string {
  const root = openFrame("", null);
  const frames: Frame[] = [root];
  const entries: Entry[] = [];
  let hidden = 0;
  const top = () => frames.at(-1) ?? root;

  const parser = new Parser({
    onopentag(name, attributes) {
      if (entries.length > maxOpen) throw new TooDeepError();
      endText(top());
      if (hiddenTags.has(name)) {
        hidden += 1;
        entries.push({ kind: "hidden" });
        return;
      }
      const isBlock = blockTags.has(name);
      if (hidden === 0 && isBlock) endLine(top());
      if (hidden > 0 || !framedTags.has(name) || isSaid(name, top()) || frames.length > deepest) {
        if (hidden === 0) addSign(top(), name, attributes, server);
        entries.push({ kind: "contents", isBlock });
        return;
      }
      const frame = openFrame(name, top());
      if (name === "a") frame.address = toAddress(attributes["href"], server);
      if (name === "code" && top().tag === "pre") top().language = languageOf(attributes["class"]);
      if (name === "ol") frame.next = Number.parseInt(attributes["start"] ?? "", 10) || 1;
      frames.push(frame);
      entries.push({ kind: "frame", frame });
    },
    ontext(text) {
      if (hidden === 0) top().text.push(text);
    },
    // The parser closes every element that it opened, in order.
    onclosetag() {
      endText(top());
      const entry = entries.pop();
      if (entry?.kind === "hidden") hidden -= 1;
      else if (entry?.kind === "frame") {
        frames.pop();
        closeFrame(top(), entry.frame);
      } else if (hidden === 0 && entry?.isBlock) endLine(top());
    },
  });
  parser.end(html);
  return takeBlocks(root).join("\n\n");
}

/** `language-ts` → `ts`. */
function languageOf(className: string | undefined): string {
  return /(?:^|\s)language-([\p{L}\p{N}_+#.-]+)/u.exec(className ?? "")?.[1] ?? "";
}

/** Empty elements that show something. */
function addSign(frame: Frame, name: string, attributes: Readonly<Record<string, string>>, server: string): void {
  switch (name) {
    case "br":
      breakLine(frame);
      return;
    case "hr":
      endLine(frame);
      frame.blocks.push("---");
      return;
    case "img": {
      const address = toAddress(attributes["src"], server);
      const alt = escapeText((attributes["alt"] ?? "").replace(/\s+/g, " ").trim());
      append(frame, address === null ? alt : `![${alt}](${address})`);
      return;
    }
    case "input":
      if (attributes["type"]?.toLowerCase() === "checkbox") append(frame, "checked" in attributes ? "[x] " : "[ ] ");
  }
}
