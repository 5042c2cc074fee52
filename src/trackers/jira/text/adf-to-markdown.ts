import { isInline, toCard, toInline, toMedia, toParagraph, type FindMedia } from "./adf-inline.ts";
import { attribute, type Node, plainText, toNode } from "./document.ts";
import { isListBelowText } from "../../list-below-text.ts";
import { codeBlock, escapeMarkdown } from "./markdown-text.ts";

const noMedia: FindMedia = () => null;

/**
 * Converts an Atlassian Document Format document to Markdown. Accepts any value: unknown nodes become their texts, so that no text is lost; colors, alignments
 * and layouts are dropped. `findMedia` finds the URL of an image by its name.
 */
export function adfToMarkdown(document: unknown, findMedia: FindMedia = noMedia): string {
  if (typeof document === "string") return document;
  const root = toNode(document);
  return root === null ? "" : toMarkdown(root, findMedia);
}

/** The same for a parsed document. */
export function toMarkdown(root: Node, findMedia: FindMedia = noMedia): string {
  return (isInline(root) ? toParagraph([root], findMedia) : toBlocks(root.content ?? [], findMedia)).replaceAll(
    "\u0000",
    "",
  );
}

function toBlocks(nodes: readonly Node[], findMedia: FindMedia): string {
  // Only inline content, as in most blocks.
  if (nodes.every(isInline)) return toParagraph(nodes, findMedia);
  return toTexts(nodes, findMedia)
    .map(({ text }) => text)
    .join("\n\n");
}

/** The Markdown of each block. A list directly after another of its kind uses other markers, or the two would become one list. */
function toTexts(nodes: readonly Node[], findMedia: FindMedia): { readonly text: string; readonly isList: boolean }[] {
  const found: { text: string; isList: boolean }[] = [];
  let before = { kind: "", isOther: false };
  for (const group of groups(nodes)) {
    if (Array.isArray(group)) {
      const text = toParagraph(group, findMedia);
      if (text !== "") {
        found.push({ text, isList: false });
        before = { kind: "", isOther: false };
      }
      continue;
    }
    const isOther = group.type === before.kind && group.type.endsWith("List") && !before.isOther;
    const text = toBlock(group, findMedia, isOther);
    if (text === "") continue;
    found.push({ text, isList: group.type.endsWith("List") });
    before = { kind: group.type, isOther };
  }
  return found;
}

/** Groups consecutive inline nodes into paragraphs. */
function groups(nodes: readonly Node[]): (Node | Node[])[] {
  const found: (Node | Node[])[] = [];
  for (const node of nodes) {
    const last = found.at(-1);
    if (!isInline(node)) found.push(node);
    else if (Array.isArray(last)) last.push(node);
    else found.push([node]);
  }
  return found;
}

function toBlock(node: Node, findMedia: FindMedia, isOther: boolean): string {
  const content = node.content ?? [];
  switch (node.type) {
    case "heading": {
      const level = Math.min(6, Math.max(1, Math.round(Number(attribute(node, "level")) || 1)));
      const text = toInline(content, findMedia)
        .replace(/\s*\\?\n\s*/g, " ")
        .trim();
      // Trailing # would be read as the heading's end.
      return text === "" ? "" : `${"#".repeat(level)} ${text.replace(/(?<=^|\s)#+$/, "\\$&")}`;
    }
    case "bulletList":
    case "decisionList": {
      const list = toList(content, () => (isOther ? "* " : "- "), findMedia);
      return looksLikeRule.test(list) ? toList(content, () => "+ ", findMedia) : list;
    }
    case "orderedList": {
      const order = Math.round(Number(attribute(node, "order") || 1));
      const start = order >= 0 && order < 1_000_000_000 ? order : 1;
      return toList(content, (index) => `${start + index}${isOther ? ")" : "."} `, findMedia);
    }
    case "taskList":
      return toTasks(content, findMedia, isOther ? "*" : "-");
    case "codeBlock":
      return codeBlock(plainText(node), attribute(node, "language"));
    case "blockquote":
    case "panel":
      return prefixLines(toBlocks(content, findMedia), "> ", ">");
    case "rule":
      return "---";
    case "table":
      return toTable(content, findMedia);
    case "media":
      return toMedia(node, findMedia);
    case "blockCard":
    case "embedCard":
      return toCard(node);
    case "expand":
    case "nestedExpand": {
      const title = attribute(node, "title").trim();
      return [title === "" ? "" : `**${escapeMarkdown(title)}**`, toBlocks(content, findMedia)]
        .filter(Boolean)
        .join("\n\n");
    }
    default:
      // Paragraphs, columns, captions, extensions, and unknown nodes.
      return content.length > 0 ? toBlocks(content, findMedia) : escapeMarkdown(attribute(node, "text"));
  }
}

/** Three markers alone on a line, from nested lists with an empty innermost item, would be a thematic break. `+` makes none. */
const looksLikeRule = /^[ \t]*([-*])(?:[ \t]*\1){2,}[ \t]*$/m;

function toList(items: readonly Node[], marker: (index: number) => string, findMedia: FindMedia): string {
  return items
    .map((item, index) => {
      const mark = marker(index);
      return toItem(
        mark,
        isInline(item)
          ? [item]
          : item.type === "listItem" || item.type === "decisionItem"
            ? (item.content ?? [])
            : [item],
        findMedia,
      );
    })
    .join("\n");
}

function toTasks(items: readonly Node[], findMedia: FindMedia, sign: string): string {
  return items
    .map((item) => {
      // A nested task list is a sibling of its item.
      if (item.type === "taskList") return indent(toTasks(item.content ?? [], findMedia, sign), 2);
      const mark = attribute(item, "state") === "DONE" ? `${sign} [x] ` : `${sign} [ ] `;
      const text = toItem(mark, isInline(item) ? [item] : (item.content ?? []), findMedia, 2);
      // Without any text, the item would be read as `[ ]`.
      return text === mark ? `${mark}&nbsp;` : text;
    })
    .join("\n");
}

function toItem(mark: string, content: readonly Node[], findMedia: FindMedia, width = mark.length): string {
  let body = "";
  for (const { text, isList } of toTexts(content, findMedia)) {
    body += body === "" ? text : `${isList && isListBelowText(text) ? "\n" : "\n\n"}${text}`;
  }
  return mark + indent(body, width).trimStart();
}

function indent(text: string, width: number): string {
  return prefixLines(text, " ".repeat(width), "");
}

function prefixLines(text: string, prefix: string, blank: string): string {
  if (text === "") return "";
  if (!text.includes("\n")) return prefix + text;
  return text
    .split("\n")
    .map((line) => (line === "" ? blank : prefix + line))
    .join("\n");
}

/** Markdown tables require a header row; a table without one gets an empty one. */
function toTable(rows: readonly Node[], findMedia: FindMedia): string {
  const cells = rows.map((row) => ({
    isHead: (row.content ?? []).length > 0 && (row.content ?? []).every(({ type }) => type === "tableHeader"),
    texts: (row.content ?? [row]).map((cell) => toCell(cell, findMedia)),
  }));
  const width = Math.max(1, ...cells.map(({ texts }) => texts.length));
  const line = (texts: readonly string[]) =>
    `| ${Array.from({ length: width }, (_, index) => texts[index] ?? "").join(" | ")} |`;
  const [first, ...rest] = cells;
  if (first === undefined) return "";
  const head = first.isHead ? first.texts : [];
  const body = first.isHead ? rest : cells;
  return [
    line(head),
    `| ${Array.from({ length: width }, () => "---").join(" | ")} |`,
    ...body.map(({ texts }) => line(texts)),
  ].join("\n");
}

function toCell(cell: Node, findMedia: FindMedia): string {
  const text = isInline(cell) ? toInline([cell], findMedia) : toBlocks(cell.content ?? [], findMedia);
  return (
    text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => (line === "\\" ? "" : line))
      .join("<br>")
      // An escaped bar already has an odd number of backslashes before it.
      .replace(/(\\*)\|/g, (all, marks: string) => (marks.length % 2 === 1 ? all : `${marks}\\|`))
      .trim()
  );
}
