import { attribute, type Mark, type Node, plainText } from "./document.ts";
import { escapeLineStarts, escapeMarkdown, inlineCode, linkTarget } from "./markdown-text.ts";

/** Where a picture or file of a document is; null where the issue has none of that name. */
export type FindMedia = (media: { readonly name: string }) => { readonly name: string; readonly url: string } | null;

/** A stretch of text under the same marks. `raw` is markdown already. */
type Run = { readonly text: string; readonly raw?: boolean; readonly marks: readonly Mark[] };

const inlineTypes = new Set([
  "text",
  "hardBreak",
  "mention",
  "emoji",
  "date",
  "status",
  "inlineCard",
  "placeholder",
  "inlineExtension",
  "mediaInline",
]);

export function isInline(node: Node): boolean {
  return inlineTypes.has(node.type) || node.text !== undefined;
}

/** A paragraph's content as markdown, safe at the beginning of a line. */
export function toParagraph(nodes: readonly Node[], findMedia: FindMedia): string {
  return escapeLineStarts(toInline(nodes, findMedia));
}

export function toInline(nodes: readonly Node[], findMedia: FindMedia): string {
  const runs = nodes.map((node) => toRun(node, findMedia)).filter(({ text }) => text !== "");
  let out = "";
  let open: { readonly mark: Mark; readonly close: string }[] = [];

  const closeTo = (length: number) => {
    if (open.length <= length) return;
    // Markdown takes no blank before a closing mark.
    const blank = /\s*$/.exec(out)?.[0] ?? "";
    out = out.slice(0, out.length - blank.length);
    for (const { close } of open.slice(length).toReversed()) out += close;
    open = open.slice(0, length);
    out += blank;
  };

  runs.forEach((run, index) => {
    const wanted = ordered(run.marks);
    const code = run.marks.some(({ type }) => type === "code");
    const autolink = wanted.length === 1 && !code ? toAutolink(run) : null;
    const marks = autolink === null ? wanted : [];
    let kept = 0;
    while (kept < open.length && kept < marks.length && isSame(open[kept]?.mark, marks[kept])) kept += 1;
    closeTo(kept);
    if (autolink !== null) {
      out += autolink;
      return;
    }
    const lead = kept < marks.length ? (/^\s*/.exec(run.text)?.[0] ?? "") : "";
    const body = run.text.slice(lead.length);
    out += lead;
    // Blanks alone carry no mark that could be seen.
    if (body === "" && !code) return;
    for (const mark of marks.slice(kept)) {
      if (mark.type === "link" && out.endsWith("!")) out = `${out.slice(0, -1)}\\!`;
      const delimiters = delimit(mark, out, after(runs, index, mark));
      out += delimiters.open;
      open.push({ mark, close: delimiters.close });
    }
    out += code ? inlineCode(body) : run.raw ? body : escapeMarkdown(body);
  });
  closeTo(0);
  return out;
}

function toRun(node: Node, findMedia: FindMedia): Run {
  const marks = node.marks ?? [];
  switch (node.type) {
    case "hardBreak":
      return { text: "\\\n", raw: true, marks: [] };
    case "mention":
    case "status":
    case "placeholder":
      return { text: attribute(node, "text") || attribute(node, "id"), marks };
    case "emoji":
      return { text: attribute(node, "text") || attribute(node, "shortName"), marks };
    case "date": {
      const time = new Date(Number(attribute(node, "timestamp")));
      return {
        text: Number.isNaN(time.getTime()) ? attribute(node, "timestamp") : time.toISOString().slice(0, 10),
        marks,
      };
    }
    case "inlineCard":
      return { text: toCard(node), raw: true, marks };
    case "mediaInline":
      return { text: toMedia(node, findMedia), raw: true, marks };
    default:
      return { text: node.text ?? (attribute(node, "text") || plainText(node)), marks };
  }
}

/** `[name](address)` of a picture or file, shown where it is a picture. */
export function toMedia(node: Node, findMedia: FindMedia): string {
  const name = attribute(node, "alt") || attribute(node, "__fileName") || attribute(node, "title");
  const address = attribute(node, "url");
  const found = address === "" ? findMedia({ name }) : { name, url: address };
  // A document names files by ids of another service; without one of the same name in the issue only its name can be told.
  if (found === null) return `\\[${escapeMarkdown(name || "file")}\\]`;
  return `![${escapeMarkdown(found.name || "image")}](${linkTarget(found.url)})`;
}

/** A link that shows itself. */
export function toCard(node: Node): string {
  const data = node.attrs?.["data"];
  const url =
    attribute(node, "url") || attribute({ attrs: typeof data === "object" && data !== null ? { ...data } : {} }, "url");
  return isPlainAddress(url) ? `<${url}>` : escapeMarkdown(url);
}

/** `<https://…>` for a link whose words are its address. */
function toAutolink(run: Run): string | null {
  const [mark] = ordered(run.marks);
  if (mark?.type !== "link" || run.raw) return null;
  const href = attribute(mark, "href");
  return href === run.text && isPlainAddress(href) ? `<${href}>` : null;
}

function isPlainAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:[^\s<>]+$/i.test(text);
}

const order = ["link", "strong", "em", "strike"];

/** The marks that markdown can show, in the order they nest. Colours, underlines and the like are left out. */
function ordered(marks: readonly Mark[]): Mark[] {
  return order.flatMap(
    (type) => marks.find((mark) => mark.type === type && (type !== "link" || attribute(mark, "href") !== "")) ?? [],
  );
}

function isSame(one: Mark | undefined, other: Mark | undefined): boolean {
  if (one === undefined || other === undefined || one.type !== other.type) return false;
  return one.type !== "link" || attribute(one, "href") === attribute(other, "href");
}

function delimit(mark: Mark, before: string, next: string): { readonly open: string; readonly close: string } {
  switch (mark.type) {
    case "link":
      return { open: "[", close: `](${linkTarget(attribute(mark, "href"))})` };
    case "strong":
      return { open: "**", close: "**" };
    case "strike":
      return { open: "~~", close: "~~" };
    default: {
      // An underscore inside a word is a letter to markdown.
      const sign = /[\p{L}\p{N}_]$/u.test(before) || /^[\p{L}\p{N}_]/u.test(next) ? "*" : "_";
      return { open: sign, close: sign };
    }
  }
}

/** What follows the stretch that a mark covers. */
function after(runs: readonly Run[], index: number, mark: Mark): string {
  const next = runs.slice(index + 1).find((run) => !run.marks.some((one) => isSame(one, mark)));
  return next?.text ?? "";
}
