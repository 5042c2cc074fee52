import { type FindMedia, shownText } from "./adf-inline.ts";
import { attribute, type Node } from "./document.ts";
import { pictureType } from "./markdown-inline.ts";
import { plainAddress } from "./markdown-text.ts";

/** Nodes of a document that Markdown shows but cannot express, found again by what is shown of them. */
export type Kept = {
  /** People, dates, statuses …, by their text. */
  readonly inline: ReadonlyMap<string, Node>;
  /** Images and files by URL, with the enclosing block; null if they are inline. */
  readonly media: ReadonlyMap<string, { readonly node: Node; readonly block: Node | null }>;
  /** Block cards by URL. */
  readonly cards: ReadonlyMap<string, Node>;
  /** How to write a new image; null: as a link. */
  readonly newPicture: (picture: { readonly url: string; readonly alt: string }) => Node | null;
};

export const nothingKept: Kept = { inline: new Map(), media: new Map(), cards: new Map(), newPicture: externalPicture };

/** An external image as a document node. https://developer.atlassian.com/cloud/jira/platform/apis/document/nodes/media/ */
export function externalPicture({ url, alt }: { readonly url: string; readonly alt: string }): Node | null {
  if (!/^https?:\/\/[^\s]+$/i.test(url)) return null;
  const media = { type: "media", attrs: { type: "external", url, ...(alt === "" ? {} : { alt }) } };
  return { type: "mediaSingle", attrs: { layout: "center" }, content: [media] };
}

const blocks = new Set(["mediaSingle", "mediaGroup"]);
const inlines = new Set(["mention", "date", "status", "placeholder", "emoji"]);

export function keptOf(document: Node, findMedia: FindMedia, newPicture: Kept["newPicture"]): Kept {
  const inline = new Map<string, Node | null>();
  const media = new Map<string, { readonly node: Node; readonly block: Node | null }>();
  const cards = new Map<string, Node>();
  const visit = (node: Node, around: Node | null) => {
    if (inlines.has(node.type)) {
      const words = shownText(node);
      const known = inline.get(words);
      // Two people with the same name cannot be told apart.
      inline.set(words, known === undefined || (known !== null && isSame(known, node)) ? node : null);
    } else if (node.type === "media" || node.type === "mediaInline") {
      const url = attribute(node, "url") || findMedia({ name: nameOf(node) })?.url;
      if (url !== undefined) media.set(plainAddress(url), { node, block: node.type === "media" ? around : null });
    } else if (node.type === "blockCard" || node.type === "embedCard") cards.set(attribute(node, "url"), node);
    for (const child of node.content ?? []) visit(child, blocks.has(node.type) ? node : null);
  };
  visit(document, null);
  const sure = [...inline].flatMap(([words, node]): [string, Node][] =>
    node === null || words.trim() === "" ? [] : [[words, node]],
  );
  return { inline: new Map(sure), media, cards, newPicture };
}

function nameOf(node: Node): string {
  return attribute(node, "alt") || attribute(node, "__fileName") || attribute(node, "title");
}

function isSame(one: Node, other: Node): boolean {
  const bare = ({ type, attrs }: Node) => JSON.stringify([type, { ...attrs, localId: undefined }]);
  return bare(one) === bare(other);
}

/** Replaces what is shown by the kept nodes. */
export function keepNodes(nodes: readonly Node[], kept: Kept): Node[] {
  const pattern = patternOf(kept);
  const inside = (node: Node): Node[] => {
    const { content } = node;
    if (content === undefined || node.type === "codeBlock") return [node];
    if (node.type === "paragraph") return toBlocks(keepInline(content, kept, pattern), kept);
    if (content.some(isInlineNode)) return [{ ...node, content: inLine(keepInline(content, kept, pattern), kept) }];
    return [{ ...node, content: joinGroups(content.flatMap(inside)) }];
  };
  return joinGroups(nodes.flatMap(inside));
}

function isInlineNode(node: Node): boolean {
  return (
    node.text !== undefined || node.type === "hardBreak" || node.type === "inlineCard" || node.type === pictureType
  );
}

/** Matches the texts of kept nodes as whole words, longest first. */
function patternOf({ inline }: Kept): RegExp | null {
  if (inline.size === 0) return null;
  const words = [...inline.keys()].sort((a, b) => b.length - a.length).map((one) => RegExp.escape(one));
  return new RegExp(`(?<![\\p{L}\\p{N}_@])(${words.join("|")})(?![\\p{L}\\p{N}_])`, "u");
}

function keepInline(nodes: readonly Node[], kept: Kept, pattern: RegExp | null): Node[] {
  if (pattern === null) return [...nodes];
  return nodes.flatMap((node): Node[] => {
    if (node.text === undefined || node.marks?.some(({ type }) => type === "code")) return [node];
    return node.text.split(pattern).flatMap((part, index): Node[] => {
      const known = index % 2 === 1 ? kept.inline.get(part) : undefined;
      return known !== undefined ? [known] : part === "" ? [] : [{ ...node, text: part }];
    });
  });
}

/** A paragraph, with block images and block cards moved out of it. */
function toBlocks(nodes: readonly Node[], kept: Kept): Node[] {
  const rows: Node[][] = [[]];
  for (const node of nodes) {
    if (node.type === "hardBreak") rows.push([]);
    else rows.at(-1)?.push(node);
  }
  const found: Node[] = [];
  let open: Node[] | null = null;
  for (const row of rows) {
    const block = toBlock(row, kept);
    if (block !== null) {
      found.push(block);
      open = null;
    } else {
      const own = inLine(row, kept);
      if (open === null) found.push({ type: "paragraph", content: (open = own) });
      else open.push({ type: "hardBreak" }, ...own);
    }
  }
  return found;
}

/** A line that consists of one block image or block card. */
function toBlock(row: readonly Node[], kept: Kept): Node | null {
  const [only] = row;
  if (row.length !== 1 || only === undefined) return null;
  if (only.type === "inlineCard") return kept.cards.get(attribute(only, "url")) ?? null;
  if (only.type !== pictureType || only.marks !== undefined) return null;
  const known = kept.media.get(plainAddress(attribute(only, "url")));
  if (known !== undefined) {
    const { node, block } = known;
    if (node.type === "mediaInline") return null;
    return block === null ? node : { ...block, content: [node, ...captionOf(block)] };
  }
  const made = kept.newPicture(pictureOf(only));
  return made?.type === "mediaSingle" ? made : null;
}

function captionOf(block: Node): Node[] {
  return (block.content ?? []).filter(({ type }) => type === "caption");
}

/** Inline images: the kept ones, else links to them. */
function inLine(nodes: readonly Node[], kept: Kept): Node[] {
  return nodes.flatMap((node): Node[] => {
    if (node.type !== pictureType) return [node];
    const { url, alt } = pictureOf(node);
    const known = kept.media.get(plainAddress(url))?.node;
    if (known?.type === "mediaInline") return [known];
    const made = kept.newPicture({ url, alt });
    if (made !== null && made.type !== "mediaSingle") return [made];
    const marks = node.marks ?? [];
    const isLinked = url === "" || marks.some(({ type }) => type === "link");
    const text = alt || url;
    const own = isLinked ? marks : [...marks, { type: "link", attrs: { href: url } }];
    return text === "" ? [] : [{ type: "text", text, ...(own.length > 0 ? { marks: own } : {}) }];
  });
}

function pictureOf(node: Node): { url: string; alt: string } {
  return { url: attribute(node, "url"), alt: attribute(node, "alt") };
}

/** Joins consecutive files into one group again. */
function joinGroups(nodes: readonly Node[]): Node[] {
  const found: Node[] = [];
  for (const node of nodes) {
    const last = found.at(-1);
    const isNext = node.type === "mediaGroup" && last?.type === "mediaGroup";
    if (isNext) found[found.length - 1] = { ...last, content: [...(last.content ?? []), ...(node.content ?? [])] };
    else found.push(node);
  }
  return found;
}
