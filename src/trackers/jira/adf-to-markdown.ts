import { isInline, toCard, toInline, toMedia, toParagraph, type FindMedia } from "./adf-inline.ts";
import { attribute, type Node, plainText, toNode } from "./document.ts";
import { codeBlock, escapeMarkdown } from "./markdown-text.ts";

const noMedia: FindMedia = () => null;

/**
 * A document of the Atlassian Document Format as markdown. Takes anything: what it does not know it reads as its texts, so that nothing written is
 * lost; colours, alignments and layouts are. `findMedia` gives the address of a picture by its name.
 */
export function adfToMarkdown(document: unknown, findMedia: FindMedia = noMedia): string {
  if (typeof document === "string") return document;
  const root = toNode(document);
  return root === null ? "" : toMarkdown(root, findMedia);
}

/** The same from a document that is known to be one. */
export function toMarkdown(root: Node, findMedia: FindMedia = noMedia): string {
  return (isInline(root) ? toParagraph([root], findMedia) : toBlocks(root.content ?? [], findMedia)).replaceAll(
    "\u0000",
    "",
  );
}

function toBlocks(nodes: readonly Node[], findMedia: FindMedia): string {
  return groups(nodes)
    .map((group) => (Array.isArray(group) ? toParagraph(group, findMedia) : toBlock(group, findMedia)))
    .filter((block) => block !== "")
    .join("\n\n");
}

/** Inline nodes that follow each other make one paragraph. */
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

function toBlock(node: Node, findMedia: FindMedia): string {
  const content = node.content ?? [];
  switch (node.type) {
    case "heading": {
      const level = Math.min(6, Math.max(1, Math.round(Number(attribute(node, "level")) || 1)));
      const text = toInline(content, findMedia).replace(/\s*\\?\n\s*/g, " ");
      return text.trim() === "" ? "" : `${"#".repeat(level)} ${text.trim()}`;
    }
    case "bulletList":
    case "decisionList":
      return toList(content, () => "- ", findMedia);
    case "orderedList": {
      const start = Math.max(0, Math.round(Number(attribute(node, "order") || 1)) || 1);
      return toList(content, (index) => `${start + index}. `, findMedia);
    }
    case "taskList":
      return toTasks(content, findMedia);
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
      // Paragraphs, columns, captions, extensions, and whatever comes new.
      return content.length > 0 ? toBlocks(content, findMedia) : escapeMarkdown(attribute(node, "text"));
  }
}

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

function toTasks(items: readonly Node[], findMedia: FindMedia): string {
  return items
    .map((item) => {
      // A list inside a list stands beside its item.
      if (item.type === "taskList") return indent(toTasks(item.content ?? [], findMedia), 2);
      const mark = attribute(item, "state") === "DONE" ? "- [x] " : "- [ ] ";
      return toItem(mark, isInline(item) ? [item] : (item.content ?? []), findMedia, 2);
    })
    .join("\n");
}

function toItem(mark: string, content: readonly Node[], findMedia: FindMedia, width = mark.length): string {
  const parts = groups(content).map((group) =>
    Array.isArray(group)
      ? { text: toParagraph(group, findMedia), isList: false }
      : { text: toBlock(group, findMedia), isList: group.type.endsWith("List") },
  );
  let body = "";
  for (const { text, isList } of parts) {
    if (text === "") continue;
    body += body === "" ? text : `${isList ? "\n" : "\n\n"}${text}`;
  }
  return mark + indent(body, width).trimStart();
}

function indent(text: string, width: number): string {
  return prefixLines(text, " ".repeat(width), "");
}

function prefixLines(text: string, prefix: string, blank: string): string {
  if (text === "") return "";
  return text
    .split("\n")
    .map((line) => (line === "" ? blank : prefix + line))
    .join("\n");
}

/** Markdown's tables want a row of headings; one without gets an empty row. */
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
  return text.replaceAll("\\\n", "<br>").replace(/\n+/g, "<br>").replace(/\\?\|/g, "\\|").trim();
}
