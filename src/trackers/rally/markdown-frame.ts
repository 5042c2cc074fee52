import { codeBlock, codeSpan, escapeLineStarts, escapeText } from "./markdown-text.ts";

/** An open element and what it holds so far: finished blocks, then the line under way. */
export type Frame = {
  readonly tag: string;
  /** Code: the text as it is. */
  readonly isRaw: boolean;
  readonly isPre: boolean;
  /** Marks that are open here; none may stand inside itself. */
  readonly marks: ReadonlySet<string>;
  /** `**` and the like; empty for other elements, and inside the same mark. */
  readonly mark: string;
  address: string | null;
  /** Of code: what it is written in, where that is said. */
  language: string;
  /** An ordered list's next number. */
  next: number;
  /** Of a list right behind another one of its kind: it has other signs, or they would be one. */
  readonly isOther: boolean;
  /** The last list in it, and how many blocks there were then. */
  lastList: { readonly tag: string; readonly isOther: boolean; readonly blocks: number } | null;
  blocks: string[];
  /** In pieces: a long line is not copied with every word. None is empty. */
  readonly inline: string[];
  /** Text since the last element: it comes in pieces, and what has to be escaped may lie across them. */
  readonly text: string[];
  /** Rows of a table, cells of a row. */
  rows: string[][];
  cells: string[];
};

const codeTags = new Set(["code", "kbd", "samp", "tt"]);
const marks: ReadonlyMap<string, string> = new Map(
  Object.entries({
    strong: "**",
    b: "**",
    em: "*",
    i: "*",
    del: "~~",
    s: "~~",
    strike: "~~",
  }),
);

export function openFrame(tag: string, parent: Frame | null): Frame {
  const isPre = tag === "pre" || (parent?.isPre ?? false);
  const around = parent?.marks ?? new Set<string>();
  const mark = marks.get(tag) ?? "";
  const before = parent?.lastList ?? null;
  return {
    tag,
    isPre,
    isRaw: isPre || codeTags.has(tag) || (parent?.isRaw ?? false),
    marks: mark === "" || around.has(mark) ? around : new Set([...around, mark]),
    mark: around.has(mark) ? "" : mark,
    address: null,
    language: "",
    next: 1,
    isOther: before !== null && before.tag === tag && before.blocks === parent?.blocks.length && !before.isOther,
    lastList: null,
    blocks: [],
    inline: [],
    text: [],
    rows: [],
    cells: [],
  };
}

/** Blanks that do not stand as they are: several, or others than a space. */
const hasGaps = /\s{2}|[^\S ]/u;

/** Joins the text since the last element to the line. Blanks count once, and not at its beginning. */
export function endText(frame: Frame): void {
  if (frame.text.length === 0) return;
  const text = take(frame.text);
  if (frame.isRaw) {
    append(frame, text);
    return;
  }
  const collapsed = hasGaps.test(text) ? text.replace(/\s+/gu, " ") : text;
  append(frame, escapeText(endsBlank(frame) ? collapsed.trimStart() : collapsed));
}

export function append(frame: Frame, text: string): void {
  if (text !== "") frame.inline.push(text);
}

function endsBlank({ inline }: Frame): boolean {
  return /\s$/.test(inline.at(-1) ?? "");
}

function take(pieces: string[]): string {
  if (pieces.length === 1) return pieces.pop() ?? "";
  return pieces.splice(0).join("");
}

/** Goes on in the next line of the same paragraph. */
export function breakLine(frame: Frame): void {
  const last = frame.inline.pop();
  if (last !== undefined) append(frame, frame.isRaw ? last : last.trimEnd());
  append(frame, frame.isRaw ? "\n" : "  \n");
}

/** The line under way becomes a block. */
export function endLine(frame: Frame): void {
  endText(frame);
  const inline = take(frame.inline);
  const line = frame.isPre ? inline : inline.trim();
  if (line.trim() === "") return;
  frame.blocks.push(frame.isRaw ? line : escapeLineStarts(line));
}

export function takeBlocks(frame: Frame): string[] {
  endLine(frame);
  return frame.blocks;
}

/** Puts a finished element into the one around it. */
export function closeFrame(parent: Frame, frame: Frame): void {
  endText(frame);
  if (isInline(frame)) {
    if (frame.blocks.length === 0) {
      const inline = take(frame.inline);
      if (!frame.isRaw && /^\s/.test(inline) && parent.inline.length > 0 && !endsBlank(parent)) append(parent, " ");
      append(parent, inlineOf(frame, inline));
    } else {
      endLine(parent);
      parent.blocks.push(...takeBlocks(frame));
    }
    return;
  }
  if (parent.isPre) {
    append(parent, [...frame.blocks, take(frame.inline)].filter((part) => part !== "").join("\n"));
    return;
  }
  if ((frame.tag === "td" || frame.tag === "th") && parent.tag === "tr") {
    parent.cells.push(takeBlocks(frame).join("\n\n"));
  } else if (frame.tag === "tr" && parent.tag === "table") {
    const stray = takeBlocks(frame);
    parent.rows.push([...stray, ...frame.cells]);
  } else {
    const blocks = blocksOf(frame, parent);
    parent.blocks.push(...blocks);
    const { tag, isOther } = frame;
    if (isList(tag) && blocks.length > 0) parent.lastList = { tag, isOther, blocks: parent.blocks.length };
  }
}

function isList(tag: string): boolean {
  return tag === "ul" || tag === "ol";
}

function isInline({ tag }: Frame): boolean {
  return tag === "a" || codeTags.has(tag) || marks.has(tag);
}

function inlineOf(frame: Frame, inline: string): string {
  const { tag, isPre, mark } = frame;
  if (isPre) return inline;
  if (codeTags.has(tag)) return codeSpan(inline);
  if (frame.isRaw) return inline;
  const text = inline.trim();
  const after = /\s$/.test(inline) && inline !== "" ? " " : "";
  if (tag === "a") {
    if (frame.address === null) return text + after;
    return `${text === "" || text === frame.address ? `<${frame.address}>` : `[${text}](${frame.address})`}${after}`;
  }
  if (text === "") return after;
  return `${mark}${text}${mark}${after}`;
}

function blocksOf(frame: Frame, parent: Frame): string[] {
  const { tag } = frame;
  if (tag === "pre") {
    const code = frame.blocks.join("\n") + take(frame.inline);
    return code.trim() === "" ? [] : [codeBlock(code, frame.language)];
  }
  const blocks = takeBlocks(frame);
  const heading = /^h([1-6])$/.exec(tag)?.[1];
  if (heading !== undefined) {
    const line = blocks.join(" ").replace(/\s+/g, " ");
    return line === "" ? [] : [`${"#".repeat(Number(heading))} ${line}`];
  }
  switch (tag) {
    case "blockquote":
      return blocks.length === 0 ? [] : [prefixed(blocks.join("\n\n"), "> ", "> ")];
    case "li":
      return [item(blocks, parent)];
    case "ul":
    case "ol":
      return blocks.length === 0 ? [] : [blocks.join("\n")];
    case "table":
      return [...blocks, ...tableOf(frame.rows)];
    case "tr":
      return [...blocks, ...frame.cells.filter((cell) => cell !== "")];
    default:
      return blocks;
  }
}

function item(blocks: readonly string[], list: Frame): string {
  const marker = list.tag === "ol" ? `${list.next}${list.isOther ? ")" : "."} ` : list.isOther ? "* " : "- ";
  list.next += 1;
  // People write boxes to tick where the editor has none.
  const [first = "", ...rest] = blocks;
  const start = first.replace(/^\\\[([ xX])\\\](?= )/, "[$1]");
  const isTight = rest.every((block) => /^(?:[-+*]|\d+[.)]) /.test(block));
  return prefixed([start, ...rest].join(isTight ? "\n" : "\n\n"), marker, " ".repeat(marker.length));
}

/** The first line after one text, the others after another; empty lines stay empty. */
function prefixed(text: string, first: string, other: string): string {
  return text
    .split("\n")
    .map((line, index) => (index === 0 ? first + line : line === "" ? other.trimEnd() : other + line))
    .join("\n");
}

/** A table as GitHub writes them; one with a single column is layout, and its contents are given alone. */
function tableOf(rows: readonly (readonly string[])[]): string[] {
  const width = Math.max(0, ...rows.map((row) => row.length));
  if (width <= 1) return rows.flat().filter((cell) => cell !== "");
  const lines = rows.map((row) => {
    const cells = Array.from({ length: width }, (_, index) =>
      (row[index] ?? "").replace(/\s+/g, " ").replaceAll("|", "\\|"),
    );
    return `| ${cells.join(" | ")} |`;
  });
  const [head = "", ...body] = lines;
  return [[head, `|${" --- |".repeat(width)}`, ...body].join("\n")];
}
