import type { FindMedia } from "./adf-inline.ts";
import { toMarkdown } from "./adf-to-markdown.ts";
import { type Node, toNode } from "./document.ts";
import { documentToWiki } from "./document-to-wiki.ts";
import { fitDocument } from "./fit-document.ts";
import { externalPicture, type Kept, keptOf, nothingKept } from "./kept-nodes.ts";
import { markdownToDocument } from "./markdown-to-document.ts";
import { isSameDocument, lossesBetween } from "./same-document.ts";
import { wikiToDocument } from "./wiki-to-markdown.ts";

/** An issue's files, which texts embed as images. */
export type Files = readonly { readonly name: string; readonly url: string }[];

/** API version 3 uses documents, version 2 wiki markup. */
export type BodyFormat = "document" | "wiki";

/** A body as returned by Jira, as a document; null if there is none. */
export function readDocument(value: unknown): Node | null {
  if (value === null || value === undefined || value === "") return null;
  return typeof value === "string" ? wikiToDocument(value) : toNode(value);
}

/** Converts Markdown to Jira's format; null for an empty text. `before` is the body to be replaced: what Markdown shows of it but cannot express is kept. */
export function writeBody(format: BodyFormat, markdown: string, files: Files, before: Node | null = null): unknown {
  if (markdown.trim() === "") return null;
  const document = markdownToDocument(markdown, keptFrom(format, before, files));
  return format === "wiki" ? documentToWiki(document) : fitDocument(document);
}

function keptFrom(format: BodyFormat, before: Node | null, files: Files): Kept {
  const newPicture = format === "wiki" ? wikiPicture(files) : externalPicture;
  return before === null ? { ...nothingKept, newPicture } : keptOf(before, mediaOf(files), newPicture);
}

export function mediaOf(files: Files): FindMedia {
  return ({ name }) => files.findLast((one) => one.name === name) ?? null;
}

/** Wiki markup refers to an issue's images by file name. */
function wikiPicture(files: Files): Kept["newPicture"] {
  return ({ url, alt }) => {
    const name = files.find((one) => one.url === url)?.name;
    if (name !== undefined && /^[^\s!|][^!|\n]*\.[A-Za-z0-9]{1,5}$/.test(name)) {
      return { type: "mediaInline", attrs: { alt: name } };
    }
    return /^https?:\/\/[^\s!|]+$/.test(url) ? { type: "mediaInline", attrs: { url, alt } } : null;
  };
}

/**
 * What an edit of this body would lose even if its Markdown stayed unchanged, as words for people; null if nothing. Converts the body's Markdown back and
 * compares the result with the body.
 */
export function findLosses(format: BodyFormat, before: Node, files: Files): readonly string[] | null {
  const findMedia = mediaOf(files);
  const again = readDocument(writeBody(format, toMarkdown(before, findMedia), files, before));
  const empty: Node = { type: "doc", content: [] };
  return isSameDocument(before, again ?? empty) ? null : lossesBetween(before, again ?? empty);
}

const plainBlocks = new Set([
  "blockquote",
  "table",
  "tableRow",
  "tableHeader",
  "tableCell",
  "taskList",
  "taskItem",
  "paragraph",
  "heading",
  "bulletList",
  "orderedList",
  "listItem",
  "codeBlock",
  "rule",
  "text",
]);
const plainInlines = new Set(["text", "hardBreak", "inlineCard"]);
const plainMarks = new Set(["strong", "em", "strike", "code", "link"]);

/** Quickly checks that a body contains only what Markdown can express: paragraphs, headings, plain lists and code. */
export function isPlain(document: Node): boolean {
  const waiting: Node[] = [...(document.content ?? [])];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const { type, attrs = {}, marks = [], content = [] } = node;
    if (!plainBlocks.has(type) && !plainInlines.has(type)) return false;
    if (type === "table" && !isPlainTable(content)) return false;
    if (marks.some((mark) => !plainMarks.has(mark.type)) || "parameters" in attrs) return false;
    waiting.push(...content);
  }
  return true;
}

/** Rows of equal length, headings only in the first row, and a line of text in each cell. */
function isPlainTable(rows: readonly Node[]): boolean {
  const width = rows[0]?.content?.length;
  return rows.every(({ content = [] }, index) => {
    const heads = content.filter(({ type }) => type === "tableHeader").length;
    const isLine = ({ content: inner = [], attrs = {} }: Node) =>
      inner.length === 1 && inner[0]?.type === "paragraph" && !("colspan" in attrs) && !("rowspan" in attrs);
    return content.length === width && (heads === 0 || (index === 0 && heads === width)) && content.every(isLine);
  });
}

/** Whether two Markdown texts result in the same body in Jira, in either format: `* a` and `- a` do. What a format cannot express counts as what it becomes. */
export function isSameText(written: string, found: string): boolean {
  if (written === found) return true;
  if (isSameDocument(canonical("document", written), canonical("document", found))) return true;
  try {
    return isSameDocument(canonical("wiki", written), canonical("wiki", found));
  } catch {
    // A text that wiki markup cannot express was never written in it.
    return false;
  }
}

/** A text after writing and reading it. */
function canonical(format: BodyFormat, markdown: string): Node {
  const empty: Node = { type: "doc", content: [] };
  const document = readDocument(writeBody(format, markdown, [])) ?? empty;
  // Twice, because a written text is compared with one that was read back.
  return readDocument(writeBody(format, toMarkdown(document), [])) ?? empty;
}
