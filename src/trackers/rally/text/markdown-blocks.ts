import { isListBelowText } from "../../list-below-text.ts";
import { codeTags, type Frame, marks } from "./markdown-frame.ts";
import {
  append,
  appendCode,
  appendMarked,
  endLine,
  endText,
  endsBlank,
  inlineOf,
  take,
  takeBlocks,
} from "./markdown-line.ts";
import { codeBlock } from "./markdown-text.ts";

/** Adds a finished element to its parent. */
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
  // The editor has no checkboxes, so users type them.
  const [first = "", ...rest] = blocks;
  const start = first.replace(/^\\\[([ xX])\\\](?= )/, "[$1]");
  const isTight = rest.every(isListBelowText);
  return prefixed([start, ...rest].join(isTight ? "\n" : "\n\n"), marker, " ".repeat(marker.length));
}

/** Prefixes the first line with `first` and the others with `other`; empty lines stay empty. */
function prefixed(text: string, first: string, other: string): string {
  return text
    .split("\n")
    .map((line, index) => (index === 0 ? first + line : line === "" ? other.trimEnd() : other + line))
    .join("\n");
}

/** A GitHub-style table; a table with a single column is layout, so only its contents are returned. */
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
