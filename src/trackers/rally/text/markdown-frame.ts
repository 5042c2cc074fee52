import { isListBelowText } from "../../list-below-text.ts";
import { codeBlock, codeSpan, escapeLineStarts, escapeText } from "./markdown-text.ts";

/** An open element and what it holds so far: finished blocks, then the line under way. */
export type Frame = {
  readonly tag: string;
  /** Code: the text as it is. */
  readonly isRaw: boolean;
  readonly isPre: boolean;
  /** Tags of the marks that are open here; none may stand inside itself. */
  readonly marks: ReadonlySet<string>;
  /** null for other elements. */
  readonly mark: Mark | null;
  /** A mark that ends the line so far with a sign behind a sign: whether it is read depends on what follows. Where its signs stand in `inline`. */
  unsure: { readonly mark: Mark; readonly open: number; readonly close: number } | null;
  address: string | null;
  /** Of code: what it is written in, where that is said. */
  language: string;
  /** An ordered list's next number. */
  next: number;
  /** Of a list right behind another one of its kind: it has other signs, or they would be one. */
  readonly isOther: boolean;
  /** The last list in it, and how many blocks there were then. */
  lastList: { readonly tag: string; readonly isOther: boolean; readonly blocks: number } | null;
  /** Code at the end of the line so far, and how many pieces that has. */
  lastCode: { readonly code: string; readonly end: number } | null;
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
/** How a mark is written: by markdown's signs, if it has any, or as a tag. */
type Mark = { readonly sign: string | null; readonly tag: string };

const strong: Mark = { sign: "**", tag: "strong" };
const emphasis: Mark = { sign: "*", tag: "em" };
const struck: Mark = { sign: "~~", tag: "del" };
const marks: ReadonlyMap<string, Mark> = new Map(
  Object.entries({
    strong,
    b: strong,
    em: emphasis,
    i: emphasis,
    del: struck,
    s: struck,
    strike: struck,
    u: { sign: null, tag: "u" },
    sub: { sign: null, tag: "sub" },
    sup: { sign: null, tag: "sup" },
  }),
);

/** Whether an element says what is said already where it stands. */
export function isSaid(tag: string, frame: Frame): boolean {
  return frame.marks.has(marks.get(tag)?.tag ?? "");
}

export function openFrame(tag: string, parent: Frame | null): Frame {
  const isPre = tag === "pre" || (parent?.isPre ?? false);
  const around = parent?.marks ?? new Set<string>();
  const mark = marks.get(tag) ?? null;
  const before = parent?.lastList ?? null;
  return {
    tag,
    isPre,
    isRaw: isPre || codeTags.has(tag) || (parent?.isRaw ?? false),
    marks: mark === null ? around : new Set([...around, mark.tag]),
    mark,
    unsure: null,
    address: null,
    language: "",
    next: 1,
    isOther: before !== null && before.tag === tag && before.blocks === parent?.blocks.length && !before.isOther,
    lastList: null,
    lastCode: null,
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
  if (text === "") return;
  const { unsure, inline } = frame;
  if (unsure !== null && !isApart(firstOf(text))) {
    inline[unsure.open] = `<${unsure.mark.tag}>`;
    inline[unsure.close] = `</${unsure.mark.tag}>`;
  }
  frame.unsure = null;
  // What the author writes in brackets is escaped: this is a link, and no picture.
  const last = text.startsWith("[") ? inline.at(-1) : undefined;
  if (last?.endsWith("!")) inline[inline.length - 1] = `${last.slice(0, -1)}\\!`;
  inline.push(text);
}

function endsBlank({ inline }: Frame): boolean {
  return /\s$/.test(inline.at(-1) ?? "");
}

/** A blank or punctuation, beside which a sign is read whatever is on its other side. Readers differ about pictographs, whose halves are letters to some. */
function isApart(character: string): boolean {
  return character === "" || (character.length === 1 && /^[\s\p{P}\p{S}]$/u.test(character));
}

function isLetter(character: string): boolean {
  return character.length === 1 && !/^[\s\p{P}\p{S}]$/u.test(character);
}

function firstOf(text: string): string {
  return /^./su.exec(text.slice(0, 2))?.[0] ?? "";
}

function lastOf(text: string): string {
  return /.$/su.exec(text.slice(-2))?.[0] ?? "";
}

function take(pieces: string[]): string {
  if (pieces.length === 1) return pieces.pop() ?? "";
  return pieces.splice(0).join("");
}

/** Goes on in the next line of the same paragraph. */
export function breakLine(frame: Frame): void {
  const last = frame.isRaw ? undefined : frame.inline.pop()?.trimEnd();
  if (last) frame.inline.push(last);
  append(frame, frame.isRaw ? "\n" : "  \n");
}

/** The line under way becomes a block. */
export function endLine(frame: Frame): void {
  endText(frame);
  frame.unsure = null;
  frame.lastCode = null;
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
      if (frame.mark !== null && !frame.isRaw) appendMarked(parent, frame.mark, inline);
      else if (codeTags.has(frame.tag) && !frame.isPre) appendCode(parent, inline);
      else append(parent, inlineOf(frame, inline));
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
  const { tag, isPre } = frame;
  if (isPre) return inline;
  if (frame.isRaw) return inline;
  const text = inline.trim();
  const after = /\s$/.test(inline) && inline !== "" ? " " : "";
  if (tag === "a") {
    if (frame.address === null) return text + after;
    return `${text === "" || text === frame.address ? `<${frame.address}>` : `[${linkWords(text)}](${frame.address})`}${after}`;
  }
  return text + after;
}

/** Some readers take the backslash from brackets before they look for links in a link's words: where one would be found, references stand for them. */
function linkWords(text: string): string {
  if (!/\\\](?:\(|\\?\[)/.test(text)) return text;
  return text.replace(/\\([[\]])/g, (_, sign: string) => (sign === "[" ? "&#91;" : "&#93;"));
}

/** Code right behind code is one with it: their ticks would be. */
function appendCode(parent: Frame, code: string): void {
  if (code.trim() === "") return append(parent, codeSpan(code));
  const { lastCode, inline } = parent;
  const isNext = lastCode !== null && lastCode.end === inline.length;
  if (isNext) inline.pop();
  const whole = isNext ? lastCode.code + code : code;
  append(parent, codeSpan(whole));
  parent.lastCode = { code: whole, end: inline.length };
}

/** Words under a mark, which is a tag where its sign would not be read as one. https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run */
function appendMarked(parent: Frame, mark: Mark, inline: string): void {
  const text = inline.trim();
  if (text === "") return endMark(parent, inline);
  const { sign, tag } = mark;
  const before = lastOf(parent.inline.at(-1) ?? "");
  const [first, last] = [firstOf(text), lastOf(text)];
  const isRead =
    sign !== null && !/[*~]/.test(before + text.replace(/\\./g, "")) && (isApart(before) || isLetter(first));
  const [open, close] = isRead ? [sign, sign] : [`<${tag}>`, `</${tag}>`];
  append(parent, open);
  parent.inline.push(text, close);
  if (isRead && !isLetter(last))
    parent.unsure = { mark, open: parent.inline.length - 3, close: parent.inline.length - 1 };
  endMark(parent, inline);
}

/** Puts what a mark's words end with behind the mark. */
function endMark(parent: Frame, inline: string): void {
  const blank = /\s*$/.exec(inline)?.[0] ?? "";
  if (blank.includes("\n")) breakLine(parent);
  else append(parent, blank && " ");
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
  const isTight = rest.every(isListBelowText);
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
