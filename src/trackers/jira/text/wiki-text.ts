import { isSelfLink } from "./adf-inline.ts";
import { attribute, type Mark, type Node } from "./document.ts";
import { wikiSigns } from "./wiki-inline.ts";

// https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all

/** Inline nodes as wiki markup; `lineBreak` separates lines: `\n`, or `\\` if the end of a line would end more than the line. */
export function toWikiInline(nodes: readonly Node[], lineBreak: "\n" | "\\\\"): string {
  const lines: Node[][] = [[]];
  for (const node of nodes) {
    if (node.type === "hardBreak") lines.push([]);
    else lines.at(-1)?.push(node);
  }
  // Marks end with their line.
  let out = "";
  let previous = "";
  for (const line of lines) {
    const text = write(joined(line), order, "");
    // A line break directly after a URL would become part of it.
    const hard = /\S:\/\/\S+$/.test(previous) ? " \\\\" : "\\\\";
    const isBlank = text.trim() === "";
    if (out === "") out = text;
    else if (lineBreak === "\n") out += isBlank ? hard : `\n${text}`;
    else out += hard + text;
    previous = isBlank && lineBreak === "\n" ? hard : text;
  }
  return out;
}

const order = ["link", "strong", "em", "strike", "underline", "subsup", "code"];

/** Joins adjacent texts with the same marks. */
function joined(nodes: readonly Node[]): Node[] {
  const found: Node[] = [];
  for (const node of nodes) {
    const last = found.at(-1);
    const isNext = node.type === "text" && last?.type === "text" && sameMarks(last, node);
    if (isNext) found[found.length - 1] = { ...last, text: (last.text ?? "") + (node.text ?? "") };
    else found.push(node);
  }
  return found;
}

function sameMarks(one: Node, other: Node): boolean {
  return JSON.stringify(writtenMarks(one)) === JSON.stringify(writtenMarks(other));
}

/** The marks that have a wiki notation. */
function writtenMarks({ marks }: Node): readonly Mark[] {
  return (marks ?? []).filter(({ type }) => order.includes(type));
}

/** Nests marks from the outermost in, writing consecutive nodes with the same mark together. `after` is the text that follows. */
function write(nodes: readonly Node[], types: readonly string[], after: string): string {
  const [type, ...inner] = types;
  if (type === undefined) {
    return nodes.map((node, index) => writeNode(node, nodes[index + 1] === undefined ? after : "-")).join("");
  }
  let out = "";
  /** The text before the next mark. */
  let before = "";
  for (let at = 0; at < nodes.length;) {
    const mark = markOf(nodes[at], type);
    let end = at + 1;
    while (end < nodes.length && isSame(mark, markOf(nodes[end], type))) end += 1;
    const stretch = nodes.slice(at, end);
    const following = nodes[end];
    const isMarked = types.some((one) => markOf(following, one) !== undefined);
    const next = following === undefined ? after : isMarked ? "*" : (following.text ?? "[");
    const part = mark === undefined ? write(stretch, inner, next) : wrap(mark, stretch, inner, before, next);
    out += part;
    if (part !== "") before = part.slice(-8);
    at = end;
  }
  return out;
}

function markOf(node: Node | undefined, type: string): Mark | undefined {
  return node?.marks?.find((mark) => mark.type === type);
}

function isSame(one: Mark | undefined, other: Mark | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return attribute(one, "href") === attribute(other, "href") && attribute(one, "type") === attribute(other, "type");
}

const signs: ReadonlyMap<string, string> = new Map(
  Object.entries({ strong: "*", em: "_", strike: "-", underline: "+" }),
);

function wrap(mark: Mark, nodes: readonly Node[], inner: readonly string[], before: string, after: string): string {
  if (mark.type === "code") return `{{${escapeSigns(nodes.map(({ text }) => text ?? "").join(""))}}}`;
  if (mark.type === "link") return writeLink(attribute(mark, "href"), nodes, inner, { before, after });
  const written = write(nodes, inner, "*");
  const lead = /^\s*/.exec(written)?.[0] ?? "";
  const body = written.slice(lead.length).trimEnd();
  const tail = written.slice(lead.length + body.length);
  // Spaces alone cannot show a mark.
  if (body === "") return written;
  const sign = signs.get(mark.type) ?? (attribute(mark, "type") === "sup" ? "^" : "~");
  const next = tail === "" ? after : tail;
  const isInWord = /[\p{L}\p{N}]$/u.test(before + lead) || /^[\p{L}\p{N}]/u.test(next);
  // `(-)` and `(+)` are emoticons.
  const isPicture = (before + lead).endsWith("(") && body.startsWith(")");
  // A delimiter does not work inside a word, next to itself, or after a backslash.
  const isPlain = !isInWord && !isPicture && !body.includes(sign) && !/[\\&;}]$/.test(body) && !before.endsWith(sign);
  const own = isPlain ? sign : `{${sign}}`;
  return `${lead}${own}${body}${own}${tail}`;
}

function writeLink(
  href: string,
  nodes: readonly Node[],
  inner: readonly string[],
  around: { readonly before: string; readonly after: string },
): string {
  const text = nodes.map((node) => node.text ?? "").join("");
  const isAlone = nodes.length === 1 && isSelfLink(text, href) && /^(?:https?:|www\.|\S+@)/.test(text);
  const isBare = /^https?:\/\/[^\s|[\]{}"<>\\]+$/.test(text) && /(?:^|\s)$/.test(around.before);
  if (isAlone && isBare && /^[.,:;]?(?:\s|$)/.test(around.after)) return text;
  const words = isAlone ? escapeWiki(text, "|") : write(nodes, inner, "|");
  return `[${words}|${href.replace(/[\s|\]\\{}]/g, (sign) => encodeURIComponent(sign))}]`;
}

function writeNode(node: Node, after: string): string {
  switch (node.type) {
    case "mention":
      return `[~${attribute(node, "id")}]`;
    case "inlineCard":
      return `[${attribute(node, "url").replace(/[\s|\]\\{}]/g, (sign) => encodeURIComponent(sign))}]`;
    case "media":
    case "mediaInline":
      return attribute(node, "markup") || `!${attribute(node, "url") || attribute(node, "alt")}!`;
    case "macro":
      return node.text ?? attribute(node, "markup");
    default:
      return escapeWiki(node.text ?? "", after);
  }
}

const bareAddress = /(?<![\p{L}\p{N}])(https?:\/\/[^\s|\]}"<>]+)/u;

/** Escapes text. Bare URLs stay unescaped; a backslash cannot be escaped and is written as a character reference. */
function escapeWiki(text: string, after: string): string {
  const parts = text.split(bareAddress);
  return parts
    .map((part, index) => {
      if (index % 2 === 0) return escapePart(part);
      const isWhole = !/[[{\\]/.test(part) && /^(?:\s|$)/.test(parts[index + 1] || after);
      // The following text would become part of the URL.
      return isWhole ? part : `&#${part.charCodeAt(0)};${escapePart(part.slice(1))}`;
    })
    .join("");
}

function escapePart(text: string): string {
  return text
    .split(/(✔|✘|⚠|❓|ℹ|👍|👎|➕|➖)/u)
    .map((part, index) =>
      index % 2 === 1 ? (wikiSigns.find(([, sign]) => sign === part)?.[0] ?? part) : escapeSigns(part),
    )
    .join("");
}

function escapeSigns(text: string): string {
  return text
    .replaceAll("\\", "\u0001")
    .replace(
      /[{}[\]*_+^~!|]|\?\?|(?<![\p{L}\p{N}])(?:-(?=\S|$)|#(?![\p{L}\p{N}]))|\((?=[/x!?iyn+-]\))|&(?=#)/gu,
      (sign) => (sign === "&" ? "&#38;" : [...sign].map((one) => `\\${one}`).join("")),
    )
    .replaceAll("\u0001", "&#92;");
}

/** Escapes the lines of a paragraph that would otherwise start a heading, list, quote or rule. */
export function escapeWikiLines(text: string): string {
  return text
    .split("\n")
    .map((line) => line.replace(/^(\s*)(?=-\s|-{4,}\s*$)/, "$1\\").replace(/^(\s*)(h[1-6]|bq)\./, "$1$2\\."))
    .join("\n");
}
