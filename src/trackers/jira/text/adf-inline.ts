import { attribute, type Mark, type Node, plainText } from "./document.ts";
import { createLineBuilder, firstCharacter, lastCharacter } from "./line-builder.ts";
import { escapeLineStarts, escapeMarkdown, escapeLinkWords, inlineCode, linkTarget } from "./markdown-text.ts";

/** Finds a document's image or file in the issue; null if there is none with that name. */
export type FindMedia = (media: { readonly name: string }) => { readonly name: string; readonly url: string } | null;

/** A run of text with the same marks. `raw` text is already Markdown. */
type Run = {
  readonly text: string;
  readonly raw?: boolean;
  readonly isBreak?: boolean;
  readonly marks: readonly Mark[];
};

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
  // From wiki markup.
  "macro",
]);

export function isInline(node: Node): boolean {
  return inlineTypes.has(node.type) || node.text !== undefined;
}

/** A paragraph's content as Markdown, escaped for the start of a line. */
export function toParagraph(nodes: readonly Node[], findMedia: FindMedia): string {
  return escapeLineStarts(toInline(nodes, findMedia));
}

export function toInline(nodes: readonly Node[], findMedia: FindMedia): string {
  const runs: Run[] = [];
  for (const node of nodes) {
    const run = toRun(node, findMedia);
    if (run.text !== "") runs.push(run);
  }
  const [only] = runs;
  if (only === undefined) return "";
  // Most paragraphs are plain text.
  if (runs.length === 1 && only.marks.length === 0 && !only.isBreak) {
    return only.raw ? only.text : escapeMarkdown(only.text);
  }
  const isStruck = runs.some(({ marks }) => marks.some(({ type }) => type === "strike"));
  const paragraph = runs.map(({ text }) => text).join("") + (isStruck ? "~~" : "");
  const lines: string[] = [];
  const line = createLineBuilder();
  let open: { readonly mark: Mark; readonly close: string }[] = [];

  const closeTo = (length: number) => {
    if (open.length <= length) return;
    // Markdown does not allow a space before a closing delimiter.
    const blanks = line.takeBlanks();
    for (const { close } of open.slice(length).toReversed()) line.add(close);
    open = open.slice(0, length);
    line.add(blanks);
  };

  runs.forEach((run, index) => {
    const wanted = ordered(run.marks);
    const code = isCode(run);
    if (run.isBreak) {
      closeTo(0);
      // A line break at the end of a line; an empty line would end the paragraph.
      lines.push(line.take() || "\\");
      return;
    }
    const next = runs[index + 1]?.text ?? "";
    const autolink = wanted.length === 1 && !code ? toAutolink(run, line.last(), following(runs, index)) : null;
    const marks = autolink === null ? wanted : [];
    let kept = 0;
    while (kept < open.length && kept < marks.length && isSame(open[kept]?.mark, marks[kept])) kept += 1;
    closeTo(kept);
    if (autolink !== null) {
      line.add(autolink);
      return;
    }
    const lead = kept < marks.length ? (/^\s*/.exec(run.text)?.[0] ?? "") : "";
    const body = run.text.slice(lead.length);
    line.add(lead);
    // Spaces alone cannot show a mark.
    if (body === "" && !code) return;
    for (const mark of marks.slice(kept)) {
      if (mark.type === "link" && line.last() === "!") line.escapeLast();
      const isInStrong = open.some((one) => one.mark.type === "strong");
      const delimiters = delimit(mark, isInStrong, edgesOf(runs, index, mark, line.last(), mark === marks.at(-1)));
      line.add(delimiters.open);
      open.push({ mark, close: delimiters.close });
    }
    const isLinked = marks.some(({ type }) => type === "link");
    line.add(
      code
        ? inlineCode(body)
        : run.raw
          ? body
          : isLinked
            ? escapeLinkWords(body, paragraph)
            : escapeMarkdown(body, next, paragraph),
    );
  });
  closeTo(0);
  lines.push(line.take());
  // Trailing breaks show nothing. A line with a single backslash is a break, since a literal one is escaped.
  while (lines.at(-1) === "" || lines.at(-1) === "\\") lines.pop();
  return lines.join("\n");
}

/** The text after a run, up to the first space; `*` stands for any mark's delimiter. */
function following(runs: readonly Run[], index: number): string {
  let text = "";
  for (const { text: own, marks } of runs.slice(index + 1, index + 9)) {
    text += (marks.length > 0 ? "*" : "") + own;
    if (/\s/.test(text)) break;
  }
  return text;
}

/** The text that represents an inline node. */
export function shownText(node: Node): string {
  return toRun(node, () => null).text;
}

function toRun(node: Node, findMedia: FindMedia): Run {
  const marks = node.marks ?? [];
  switch (node.type) {
    case "hardBreak":
      return { text: "\n", isBreak: true, marks: [] };
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

/** `[name](url)` of an image or file, embedded if it is an image. */
export function toMedia(node: Node, findMedia: FindMedia): string {
  const name = attribute(node, "alt") || attribute(node, "__fileName") || attribute(node, "title");
  const address = attribute(node, "url");
  const found = address === "" ? findMedia({ name }) : { name, url: address };
  // A document refers to files by ids of another service; without a file of the same name in the issue, only the name can be shown.
  if (found === null) return `\\[${escapeMarkdown(name || "file")}\\]`;
  return `![${escapeMarkdown(found.name || "image")}](${linkTarget(found.url)})`;
}

/** A link whose text is its URL. */
export function toCard(node: Node): string {
  const data = node.attrs?.["data"];
  const url =
    attribute(node, "url") || attribute({ attrs: typeof data === "object" && data !== null ? { ...data } : {} }, "url");
  return isPlainAddress(url) ? `<${url}>` : escapeMarkdown(url);
}

/** The bare URL of a link whose text is the URL, if it would be read as a link in its context. */
function toAutolink(run: Run, before: string, after: string): string | null {
  const [mark] = ordered(run.marks);
  if (mark?.type !== "link" || run.raw) return null;
  return isSelfLink(run.text, attribute(mark, "href")) && isReadAsLink(run.text, before, after) ? run.text : null;
}

/** Whether a link's text is its own target, as in `https://a.example`, `www.a.example` or `me@a.example`. */
export function isSelfLink(text: string, href: string): boolean {
  return href === text || href === `http://${text}` || href === `mailto:${text}`;
}

const bareAddress = /^(?:https?:\/\/|www\.)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::\d+)?(?:[/?#][\w\-./%+=&?#@,:;!~]*)?$/;
const bareMail = /^[A-Za-z0-9][\w.+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$/;

function isReadAsLink(text: string, before: string, after: string): boolean {
  if (!bareAddress.test(text) && !bareMail.test(text)) return false;
  if (!/[\w/=]$/.test(text) || text.endsWith("_")) return false;
  return /(?:^|[\s(])$/.test(before) && /^(?:[.,:;!?]*|\))(?:\s|$)/.test(after);
}

function isPlainAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:[^\s<>]+$/i.test(text);
}

const order = ["link", "strong", "em", "strike", "underline", "subsup"];

/** The marks that Markdown can express, in nesting order. Colors and the like are left out. */
function ordered(marks: readonly Mark[]): readonly Mark[] {
  if (marks.length === 0) return marks;
  const found: Mark[] = [];
  for (const type of order) {
    const mark = marks.find((one) => one.type === type && (type !== "link" || attribute(one, "href") !== ""));
    if (mark !== undefined) found.push(mark);
  }
  return found;
}

function isSame(one: Mark | undefined, other: Mark | undefined): boolean {
  if (one === undefined || other === undefined || one.type !== other.type) return false;
  return attribute(one, "href") === attribute(other, "href") && attribute(one, "type") === attribute(other, "type");
}

const signs: ReadonlyMap<string, string> = new Map(Object.entries({ strong: "**", strike: "~~", em: "_" }));
const tags: ReadonlyMap<string, string> = new Map(
  Object.entries({ strong: "strong", em: "em", strike: "del", underline: "u" }),
);

/** The context of a marked run: its neighbors, its first and last character, and whether other marks start or end with it. */
type Edges = { readonly before: string; readonly first: string; readonly last: string; readonly after: string };

function delimit(mark: Mark, isInStrong: boolean, edges: Edges): { readonly open: string; readonly close: string } {
  if (mark.type === "link") return { open: "[", close: `](${linkTarget(attribute(mark, "href"))})` };
  const sign = signs.get(mark.type);
  // Inside a word, an underscore is not a delimiter, and a star next to stars has no clear end.
  const own = sign === "_" && [edges.before, edges.after].some(isWord) ? (isInStrong ? undefined : "*") : sign;
  if (own !== undefined && isFlanked(edges)) return { open: own, close: own };
  const tag = tags.get(mark.type) ?? (attribute(mark, "type") === "sup" ? "sup" : "sub");
  return { open: `<${tag}>`, close: `</${tag}>` };
}

/** Whether delimiters around the run work: between punctuation and a letter they do not. https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run */
function isFlanked({ before, first, last, after }: Edges): boolean {
  return (!isSign(first) || !isWord(before)) && (!isSign(last) || !isWord(after));
}

/** Some parsers, including the dashboard's, treat half of a surrogate pair as a letter. */
function isWord(sign: string): boolean {
  return /^[^\s\p{P}\p{S}]|^_/u.test(sign) || sign.length > 1;
}

function isSign(sign: string): boolean {
  return /^[\p{P}\p{S}]/u.test(sign);
}

function edgesOf(runs: readonly Run[], index: number, mark: Mark, before: string, isInnermost: boolean): Edges {
  let end = index;
  let last: Run | undefined;
  for (let run = runs[end]; run?.marks.some((one) => isSame(one, mark)); run = runs[end]) {
    if (run.text.trim() !== "") last = run;
    end += 1;
  }
  const endsAlone = last !== undefined && ordered(last.marks).at(-1)?.type === mark.type && !isCode(last);
  const startsAlone = isInnermost && !isCode(runs[index]);
  const endsBlank = /\s$/.test((runs[end - 1]?.text ?? "").slice(-1));
  return {
    before,
    first: startsAlone ? firstCharacter((runs[index]?.text ?? "").trimStart()) : "*",
    last: endsAlone ? lastCharacter((last?.text ?? "").trimEnd()) : "*",
    after: endsBlank ? "" : firstCharacter(runs[end]?.text ?? ""),
  };
}

function isCode(run: Run | undefined): boolean {
  return run?.marks.some(({ type }) => type === "code") ?? false;
}
