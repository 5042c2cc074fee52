import { isSelfLink } from "./adf-inline.ts";
import { attribute, type Mark, type Node } from "./document.ts";

/** Attributes that only affect appearance or storage, and default values. */
const unimportant = new Set(["localId", "uniqueId", "wrap", "colwidth", "width", "widthType", "layout", "displayMode"]);
const defaults: ReadonlyMap<string, unknown> = new Map(
  Object.entries<unknown>({
    isNumberColumnEnabled: false,
    order: 1,
    language: "",
    colspan: 1,
    rowspan: 1,
  }),
);

/** Whether two documents have the same content, ignoring spaces at line ends, empty paragraphs, widths and ids. */
export function isSameDocument(one: Node, other: Node): boolean {
  return JSON.stringify(normal(one)) === JSON.stringify(normal(other));
}

/** The first few kinds of content that one document has and the other lacks, as words for people. */
export function lossesBetween(before: Node, after: Node): string[] {
  const left = countKinds(after);
  const lost: string[] = [];
  for (const [kind, count] of countKinds(before)) if (count > (left.get(kind) ?? 0)) lost.push(nameOf(kind));
  return [...new Set(lost)].slice(0, 4);
}

const names: ReadonlyMap<string, string> = new Map(
  Object.entries({
    panel: "a panel",
    expand: "a section that opens",
    nestedExpand: "a section that opens",
    layoutSection: "columns",
    media: "a picture or file",
    mediaInline: "a picture or file",
    mention: "a mention of a person",
    date: "a date",
    status: "a status badge",
    emoji: "an emoji of its own",
    decisionList: "a decision",
    blockCard: "a card",
    embedCard: "a card",
    extension: "a macro",
    bodiedExtension: "a macro",
    inlineExtension: "a macro",
    macro: "a macro",
    caption: "a picture's caption",
    table: "a table",
    tableCell: "a table with more than lines of text in its cells",
    tableHeader: "a table with headings of its own",
    "mark textColor": "coloured text",
    "mark backgroundColor": "coloured text",
    "mark underline": "underlined text",
    "mark subsup": "raised or lowered text",
    "mark cite": "a cited text",
  }),
);

function nameOf(kind: string): string {
  return (
    names.get(kind) ?? (kind.startsWith("mark ") ? `the mark "${kind.slice(5)}"` : `something of the kind "${kind}"`)
  );
}

function countKinds(root: Node): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (kind: string) => counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const waiting: Node[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.type !== "paragraph" && node.type !== "text" && node.type !== "hardBreak") add(node.type);
    for (const { type } of node.marks ?? []) add(`mark ${type}`);
    waiting.push(...(node.content ?? []));
  }
  return counts;
}

type Normal = { type: string; attrs?: object; content?: readonly (Normal | Piece)[] };
type Piece = { readonly text: string; readonly marks: string } | { readonly node: Normal; readonly marks: string };

const inlineParents = new Set(["paragraph", "heading", "taskItem", "decisionItem", "caption"]);

function normal(node: Node): Normal {
  const attrs = attrsOf(node);
  const content = node.content ?? [];
  const own = { type: node.type, ...(attrs === null ? {} : { attrs }) };
  if (node.type === "codeBlock") {
    return { ...own, content: [{ text: content.map(({ text }) => text ?? "").join(""), marks: "" }] };
  }
  if (inlineParents.has(node.type)) return { ...own, content: toPieces(content) };
  const blocks = content.map(normal).filter((one) => !isEmpty(one));
  return blocks.length > 0 ? { ...own, content: blocks } : own;
}

/** Whether it shows nothing. */
function isEmpty({ type, content = [] }: Normal): boolean {
  return ["paragraph", "heading", "blockquote"].includes(type) && content.length === 0;
}

function attrsOf({ attrs = {} }: Node): object | null {
  const kept = Object.entries(attrs)
    .filter(
      ([name, value]) =>
        // An image is identified by its URL, whatever its name.
        (name !== "alt" || attrs["url"] === undefined) &&
        !unimportant.has(name) &&
        !name.startsWith("__") &&
        defaults.get(name) !== value &&
        value !== undefined,
    )
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return kept.length === 0 ? null : Object.fromEntries(kept);
}

/** Runs of characters with the same marks; spaces have no marks, and are dropped at both ends of a line. */
function toPieces(nodes: readonly Node[]): Piece[] {
  const pieces: Piece[] = [];
  const add = (text: string, marks: string) => {
    const last = pieces.at(-1);
    if (last !== undefined && "text" in last && last.marks === marks) {
      pieces[pieces.length - 1] = { text: last.text + text, marks };
    } else pieces.push({ text, marks });
  };
  for (const node of nodes) {
    const words = node.type === "hardBreak" ? "\n" : (node.text ?? emojiOf(node));
    if (words === null) {
      pieces.push({ node: normal({ ...node, content: node.content ?? [] }), marks: marksOf(node, "") });
      continue;
    }
    const marks = node.type === "hardBreak" ? "" : marksOf(node, words);
    for (const part of words.split(/(\s+)/)) {
      if (part !== "") add(part, /^\s+$/.test(part) && !marks.includes('"code"') ? "" : marks);
    }
  }
  const lines = pieces.flatMap((piece, index): Piece[] => {
    if (!("text" in piece) || piece.marks !== "") return [piece];
    let text = piece.text.replace(/[^\S\n]*\n[^\S\n]*/g, "\n");
    if (index === 0) text = text.trimStart();
    if (index === pieces.length - 1) text = text.trimEnd();
    return text === "" ? [] : [{ text, marks: "" }];
  });
  return lines;
}

/** An emoji's character; null if it has none. */
function emojiOf(node: Node): string | null {
  const text = node.type === "emoji" ? attribute(node, "text") : "";
  return text !== "" && !/^:.*:$/.test(text) ? text : null;
}

/** A link whose text is its URL is equal to the plain URL. */
function marksOf({ marks = [] }: Node, text: string): string {
  const kept = marks.filter(
    (mark) => mark.type !== "link" || (attribute(mark, "href") !== "" && !isSelfLink(text, attribute(mark, "href"))),
  );
  const isCode = kept.some(({ type }) => type === "code");
  const seen = isCode ? kept.filter(({ type }) => !["strong", "em", "strike"].includes(type)) : kept;
  return seen.length === 0 ? "" : JSON.stringify(seen.map(toKey).sort());
}

function toKey({ type, attrs }: Mark): string {
  return JSON.stringify([type, type === "link" ? attribute({ attrs: attrs ?? {} }, "href") : (attrs ?? null)]);
}
