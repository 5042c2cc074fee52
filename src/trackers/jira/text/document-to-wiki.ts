import { PanopticonError } from "../../../domain/error.ts";
import { attribute, type Node, plainText } from "./document.ts";
import { escapeWikiLines, toWikiInline } from "./wiki-text.ts";

/**
 * Converts a document to Jira's wiki markup. What the markup cannot nest follows instead (code in a list ends it). Throws `unsupported` for code that contains
 * the markup's own end of code. https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all
 */
export function documentToWiki(document: Node): string {
  return toBlocks(document.content ?? [], false);
}

function toBlocks(nodes: readonly Node[], inQuote: boolean): string {
  return nodes
    .flatMap((node) => toBlock(node, inQuote))
    .filter((block) => block !== "")
    .join("\n\n");
}

function toBlock(node: Node, inQuote: boolean): string[] {
  const content = node.content ?? [];
  switch (node.type) {
    case "heading":
      return content.length === 0 ? [] : [`h${attribute(node, "level") || "1"}. ${toWikiInline(content, "\\\\")}`];
    case "paragraph":
      return [escapeWikiLines(toWikiInline(content, "\n"))];
    case "rule":
      return ["----"];
    case "codeBlock":
      return [toCode(plainText(node), attribute(node, "language"))];
    case "blockquote":
      // Quotes cannot be nested.
      return inQuote
        ? content.flatMap((child) => toBlock(child, true))
        : content.length === 0
          ? []
          : [`{quote}\n${toBlocks(content, true)}\n{quote}`];
    case "bulletList":
    case "orderedList":
    case "taskList":
      return toList(node, "", inQuote);
    case "table":
      return [content.map(toRow).join("\n")];
    default:
      return content.length > 0 ? content.flatMap((child) => toBlock(child, inQuote)) : [toWikiInline([node], "\n")];
  }
}

function toCode(text: string, language: string): string {
  const name = /^[\w+#.-]+$/.test(language) ? language : "";
  const macro = !text.includes("{code}") && (name !== "" || text.includes("{noformat}")) ? "code" : "noformat";
  if (text.includes(`{${macro}}`) || text.includes("{quote}")) {
    throw new PanopticonError(
      "unsupported",
      "Jira's markup does not support code that contains {code}, {noformat} or {quote}.",
      {
        tracker: "jira",
        field: "body",
        hint: "Move it to an attachment, or rewrite these words.",
      },
    );
  }
  return `{${macro}${macro === "code" && name !== "" ? `:${name}` : ""}}\n${text}\n{${macro}}`;
}

/** List items as lines; `above` are the markers of the enclosing lists. Blocks that do not fit into a line come between. */
function toList(list: Node, above: string, inQuote: boolean): string[] {
  const sign = above + (list.type === "orderedList" ? "#" : "*");
  const blocks: string[] = [];
  let lines: string[] = [];
  const end = () => {
    if (lines.length > 0) blocks.push(lines.join("\n"));
    lines = [];
  };
  for (const item of list.content ?? []) {
    if (item.type === "taskList") {
      for (const block of toList(item, sign, inQuote)) lines.push(block);
      continue;
    }
    const task = item.type === "taskItem" ? (attribute(item, "state") === "DONE" ? "\\[x\\] " : "\\[ \\] ") : "";
    const [first, ...rest] =
      item.type === "taskItem" ? [{ type: "paragraph", content: item.content ?? [] }] : (item.content ?? []);
    const isLine = first?.type === "paragraph";
    const text = task + (isLine ? toWikiInline(first.content ?? [], "\\\\") : "");
    // An empty item would not be read as an item.
    let line = `${sign} ${text.trim() === "" ? "&#160;" : text}`;
    const below: string[] = [];
    for (const child of isLine || first === undefined ? rest : [first, ...rest]) {
      if (child.type === "paragraph" && below.length === 0) line += `\\\\${toWikiInline(child.content ?? [], "\\\\")}`;
      else if (child.type.endsWith("List")) below.push(...toList(child, sign, inQuote));
      else below.push("", ...toBlock(child, inQuote), "");
    }
    lines.push(line);
    for (const block of below) {
      if (block === "" || !/^[*#]+ /.test(block)) {
        end();
        if (block !== "") blocks.push(block);
      } else lines.push(block);
    }
  }
  end();
  return blocks;
}

function toRow(row: Node): string {
  const cells = row.content ?? [];
  const bar = cells.length > 0 && cells.every(({ type }) => type === "tableHeader") ? "||" : "|";
  const texts = cells.map((cell) => {
    const paragraphs = (cell.content ?? []).map((child) => toWikiInline(child.content ?? [child], "\\\\"));
    return paragraphs.filter((text) => text !== "").join("\\\\") || " ";
  });
  return bar + texts.map((text) => text + bar).join("");
}
