import { Marked, type Token, type Tokens } from "marked";
import { PanopticonError } from "../../../domain/error.ts";
import { restoreCodeTabs } from "../../code-tabs.ts";
import type { Node } from "./document.ts";
import { type Kept, keepNodes, nothingKept } from "./kept-nodes.ts";
import { toInlineLine, toInlineNodes } from "./markdown-inline.ts";

/** Like the dashboard, treats line ends as line breaks. */
const marked = new Marked({ gfm: true, breaks: true });

/**
 * Converts any Markdown to a document: constructs without an equivalent become the nearest one (a heading in a quote becomes a bold line); nothing is left out.
 * `kept` are nodes of the previous document that Markdown shows but cannot express. Throws `invalid_input` for excessive nesting.
 */
export function markdownToDocument(markdown: string, kept: Kept = nothingKept): Node {
  try {
    const text = markdown.replaceAll("\u0000", "");
    const tokens = marked.lexer(text);
    restoreCodeTabs(tokens, text);
    return { type: "doc", content: keepNodes(toBlocks(tokens), kept) };
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new PanopticonError("invalid_input", "The text nests quotes or lists too deeply for Jira.", {
      tracker: "jira",
      field: "body",
      hint: "Remove some levels.",
      cause,
    });
  }
}

function toBlocks(tokens: readonly Token[]): Node[] {
  return tokens.flatMap((token) => toBlock(token as Tokens.Generic));
}

function toBlock(token: Tokens.Generic): Node[] {
  switch (token.type) {
    case "heading":
      return [{ type: "heading", attrs: { level: Number(token["depth"]) }, content: toInlineLine(token.tokens) }];
    case "paragraph":
    case "text":
      return [{ type: "paragraph", content: inline(token) }];
    case "code": {
      const { text, lang } = token as Tokens.Code;
      const language = /^[^\s`]+/.exec(lang ?? "")?.[0] ?? "";
      // Drops the final line end of an indented block, or of a fenced one whose last line is empty.
      const code = text.replace(/\n$/, "");
      return [
        {
          type: "codeBlock",
          ...(language === "" ? {} : { attrs: { language } }),
          ...(code === "" ? {} : { content: [{ type: "text", text: code }] }),
        },
      ];
    }
    case "blockquote":
      return [{ type: "blockquote", content: toBlocks(token.tokens ?? []) }];
    case "hr":
      return [{ type: "rule" }];
    case "list":
      return toLists(token as Tokens.List);
    case "table":
      return [toTable(token as Tokens.Table)];
    case "html":
      return [{ type: "paragraph", content: lines((token as Tokens.HTML).text.trim()) }];
    case "space":
    case "def":
    case "checkbox":
      return [];
    default:
      return token.raw.trim() === "" ? [] : [{ type: "paragraph", content: lines(token.raw.trim()) }];
  }
}

function inline(token: Tokens.Generic): Node[] {
  return token.tokens === undefined ? lines(token.raw.trim()) : toInlineNodes(token.tokens);
}

function lines(text: string): Node[] {
  return text
    .split("\n")
    .flatMap((line, index): Node[] => [
      ...(index === 0 ? [] : [{ type: "hardBreak" }]),
      ...(line === "" ? [] : [{ type: "text", text: line }]),
    ]);
}

/** Tasks and other items become separate lists, because the format cannot mix them. */
function toLists({ items, ordered, start }: Tokens.List): Node[] {
  const found: Node[] = [];
  items.forEach((item, index) => {
    const content = toBlocks(item.tokens);
    if (item.task && content.some((block) => (block.content ?? []).length > 0)) {
      addTask(found, content, item.checked === true);
      return;
    }
    const last = found.at(-1);
    const type = ordered ? "orderedList" : "bulletList";
    const own: Node = { type: "listItem", content };
    if (last?.type === type) found[found.length - 1] = { ...last, content: [...(last.content ?? []), own] };
    else {
      const order = Number(start === "" ? 1 : start) + index;
      found.push({ type, ...(ordered && order !== 1 ? { attrs: { order } } : {}), content: [own] });
    }
  });
  return found;
}

/** A task contains one line; nested tasks become its siblings, everything else below it follows the list. */
function addTask(found: Node[], blocks: readonly Node[], isDone: boolean): void {
  const [first, ...rest] = blocks;
  const isLine = first?.type === "paragraph";
  const task: Node = {
    type: "taskItem",
    attrs: { state: isDone ? "DONE" : "TODO" },
    content: isLine ? (first.content ?? []) : [],
  };
  const last = found.at(-1);
  if (last?.type === "taskList") found[found.length - 1] = { ...last, content: [...(last.content ?? []), task] };
  else found.push({ type: "taskList", attrs: {}, content: [task] });
  for (const block of isLine || first === undefined ? rest : [first, ...rest]) {
    const list = found.at(-1);
    if (block.type === "taskList" && list?.type === "taskList") {
      found[found.length - 1] = { ...list, content: [...(list.content ?? []), block] };
    } else found.push(block);
  }
}

function toTable({ header, rows }: Tokens.Table): Node {
  const toRow = (cells: readonly Tokens.TableCell[], type: string): Node => ({
    type: "tableRow",
    content: cells.map((cell) => ({ type, content: [{ type: "paragraph", content: toInlineNodes(cell.tokens) }] })),
  });
  // A table without headings has an empty header row in Markdown.
  const hasHead = header.some((cell) => cell.text.trim() !== "") || rows.length === 0;
  return {
    type: "table",
    content: [...(hasHead ? [toRow(header, "tableHeader")] : []), ...rows.map((row) => toRow(row, "tableCell"))],
  };
}
