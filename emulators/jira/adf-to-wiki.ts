import type { AdfMark, AdfNode } from "./markdown-to-adf.ts";

/** Converts a document to the wiki markup that Data Center stores. https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all */
export function adfToWiki(document: AdfNode): string {
  return (document.content ?? []).map(toBlock).join("\n\n");
}

function toBlock(node: AdfNode): string {
  const content = node.content ?? [];
  switch (node.type) {
    case "heading":
      return `h${String(node.attrs?.["level"])}. ${toInline(content)}`;
    case "rule":
      return "----";
    case "codeBlock": {
      const language = node.attrs?.["language"];
      const open = typeof language === "string" ? `{code:${language}}` : "{code}";
      return `${open}\n${content.map(({ text }) => text ?? "").join("")}\n{code}`;
    }
    case "blockquote":
      return `{quote}\n${content.map(toBlock).join("\n\n")}\n{quote}`;
    case "bulletList":
      return content.map((item) => `* ${(item.content ?? []).map(toBlock).join(" ")}`).join("\n");
    case "orderedList":
      return content.map((item) => `# ${(item.content ?? []).map(toBlock).join(" ")}`).join("\n");
    case "taskList":
      // Wiki markup has no tasks; people mark them with an icon.
      return content
        .map((item) => `* ${item.attrs?.["state"] === "DONE" ? "(/) " : ""}${toInline(item.content ?? [])}`)
        .join("\n");
    case "table":
      return content
        .map((row) => {
          const cells = row.content ?? [];
          const bar = cells.every(({ type }) => type === "tableHeader") ? "||" : "|";
          return bar + cells.map((cell) => `${(cell.content ?? []).map(toBlock).join(" ") || " "}${bar}`).join("");
        })
        .join("\n");
    case "mediaSingle":
    case "mediaGroup":
      return content.map((media) => `!${String(media.attrs?.["alt"])}|thumbnail!`).join(" ");
    default:
      return toInline(content);
  }
}

function toInline(nodes: readonly AdfNode[]): string {
  return nodes
    .map((node) => {
      if (node.type === "inlineCard") return `[${String(node.attrs?.["url"])}]`;
      return node.type === "hardBreak" ? "\n" : withMarks(node.text ?? "", node.marks ?? []);
    })
    .join("");
}

function withMarks(text: string, marks: readonly AdfMark[]): string {
  const has = (type: string) => marks.find((mark) => mark.type === type);
  if (has("code")) return `{{${escapeWiki(text)}}}`;
  let written = escapeWiki(text);
  if (has("em")) written = `_${written}_`;
  if (has("strong")) written = `*${written}*`;
  const href = has("link")?.attrs?.["href"];
  if (typeof href !== "string") return written;
  return href === text ? `[${href}]` : `[${written}|${href}]`;
}

/** Keeps bare URLs; a backslash cannot be escaped and becomes a character reference. */
function escapeWiki(text: string): string {
  return text
    .split(/(https?:\/\/[^\s<>|\]}"]+)/)
    .map((part, index) =>
      index % 2 === 1
        ? part
        : part
            .replaceAll("\\", "\u0001")
            .replace(/[{}[\]*_+^~!|]|\?\?|(?<![\p{L}\p{N}])-(?=\S)|\((?=[/x!?iyn+-]\))|^#(?=\s)|&(?=#)/gu, (sign) =>
              sign === "&" ? "&#38;" : [...sign].map((one) => `\\${one}`).join(""),
            )
            .replaceAll("\u0001", "&#92;"),
    )
    .join("");
}
