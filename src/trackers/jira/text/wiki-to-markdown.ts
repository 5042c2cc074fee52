import type { FindMedia } from "./adf-inline.ts";
import { toMarkdown } from "./adf-to-markdown.ts";
import type { Node } from "./document.ts";
import { parseWikiInline } from "./wiki-inline.ts";

/**
 * Converts Jira's wiki markup to Markdown. Accepts any text: incomplete markup is text.
 * https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all
 */
export function wikiToMarkdown(text: string, findMedia?: FindMedia): string {
  return toMarkdown(wikiToDocument(text), findMedia);
}

/** Converts Jira's wiki markup to a document. */
export function wikiToDocument(text: string): Node {
  return { type: "doc", content: parseWiki(text.replace(/\r\n?/g, "\n")) };
}

const deepest = 8;
const blockMacro = /\{(code|noformat|quote|panel)(?::([^{}\n]*))?\}/;

/** Parses wiki markup into document nodes. */
function parseWiki(text: string, depth = 0): Node[] {
  const nodes: Node[] = [];
  let rest = text;
  for (;;) {
    const open = depth < deepest ? findMacro(rest) : null;
    if (open === null) break;
    nodes.push(...parseLines(rest.slice(0, open.start)));
    nodes.push(...toMacro(open, depth));
    rest = rest.slice(open.end);
  }
  nodes.push(...parseLines(rest));
  return nodes;
}

type Macro = {
  readonly name: string;
  readonly parameters: string;
  readonly body: string;
  readonly start: number;
  readonly end: number;
};

/** The first block between a macro and its end; an unclosed macro is text. */
function findMacro(text: string): Macro | null {
  for (let from = 0; ;) {
    const match = blockMacro.exec(text.slice(from));
    if (match === null) return null;
    const start = from + match.index;
    const inner = start + match[0].length;
    const closing = `{${match[1] ?? ""}}`;
    const close = text[start - 1] === "\\" || text[start - 1] === "{" ? -1 : text.indexOf(closing, inner);
    if (close === -1) {
      from = inner;
      continue;
    }
    return {
      name: match[1] ?? "",
      parameters: match[2] ?? "",
      body: text.slice(inner, close),
      start,
      end: close + closing.length,
    };
  }
}

function toMacro({ name, parameters, body }: Macro, depth: number): Node[] {
  const settings = new Map(
    parameters.split("|").map((part): [string, string] => {
      const [key = "", ...value] = part.split("=");
      return value.length > 0 ? [key.trim(), value.join("=").trim()] : ["", key.trim()];
    }),
  );
  const title = settings.get("title") ?? "";
  const heading: Node[] =
    title === "" ? [] : [{ type: "paragraph", content: [{ type: "text", text: title, marks: [{ type: "strong" }] }] }];
  if (name === "code" || name === "noformat") {
    const language = name === "code" ? (settings.get("") ?? settings.get("language") ?? "") : "";
    const content = [{ type: "text", text: body.replace(/^\n/, "").replace(/\n$/, "") }];
    // Markdown cannot express a title or line numbers.
    const isPlain = parameters === "" || (settings.size === 1 && parameters.trim() === language);
    const attrs = { language, ...(isPlain ? {} : { parameters }) };
    return [...heading, { type: "codeBlock", attrs, content }];
  }
  return [
    { type: name === "quote" ? "blockquote" : "panel", content: [...heading, ...parseWiki(body.trim(), depth + 1)] },
  ];
}

function parseLines(text: string): Node[] {
  const nodes: Node[] = [];
  const lines = text.split("\n");
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? "";
    const heading = /^\s*h([1-6])\.\s*(.*)$/.exec(line);
    const quote = /^\s*bq\.\s+(.*)$/.exec(line);
    if (line.trim() === "") at += 1;
    else if (heading !== null) {
      nodes.push({ type: "heading", attrs: { level: Number(heading[1]) }, content: parseWikiInline(heading[2] ?? "") });
      at += 1;
    } else if (quote !== null) {
      nodes.push({ type: "blockquote", content: [{ type: "paragraph", content: parseWikiInline(quote[1] ?? "") }] });
      at += 1;
    } else if (/^\s*-{4,}\s*$/.test(line)) {
      nodes.push({ type: "rule" });
      at += 1;
    } else if (isListItem(line) || isTableRow(line)) {
      const is = isListItem(line) ? isListItem : isTableRow;
      let end = at + 1;
      while (end < lines.length && is(lines[end] ?? "")) end += 1;
      nodes.push(...(is === isListItem ? toLists(lines.slice(at, end)) : [toTable(lines.slice(at, end))]));
      at = end;
    } else {
      let end = at + 1;
      while (end < lines.length && isText(lines[end] ?? "")) end += 1;
      nodes.push({ type: "paragraph", content: joinLines(lines.slice(at, end)) });
      at = end;
    }
  }
  return nodes;
}

function isText(line: string): boolean {
  return (
    line.trim() !== "" && !isListItem(line) && !isTableRow(line) && !/^\s*(?:h[1-6]\.|bq\.\s|-{4,}\s*$)/.test(line)
  );
}

function isListItem(line: string): boolean {
  return /^\s*(?:[*#]+|-)\s+\S/.test(line);
}

function isTableRow(line: string): boolean {
  return /^\s*\|.*\|/.test(line);
}

/** Wiki markup shows line breaks as such. */
function joinLines(lines: readonly string[]): Node[] {
  return lines.flatMap((line, index): Node[] => [
    ...(index === 0 ? [] : [{ type: "hardBreak" }]),
    ...parseWikiInline(index === 0 ? line : line.trimStart()),
  ]);
}

/** `*`, `**`, `#`, `*#` …: the number of characters is the level, the last one is the kind. */
function toLists(lines: readonly string[]): Node[] {
  const items = lines.map((line) => {
    const match = /^\s*([*#]+|-)\s+(.*)$/s.exec(line);
    const signs = match?.[1] ?? "*";
    return { depth: Math.min(signs.length, deepest), ordered: signs.endsWith("#"), text: match?.[2] ?? "" };
  });
  return nest(items, 1);
}

function nest(items: readonly { depth: number; ordered: boolean; text: string }[], depth: number): Node[] {
  const lists: { ordered: boolean; items: { text: string | null; below: (typeof items)[number][] }[] }[] = [];
  for (const item of items) {
    let list = lists.at(-1);
    if (item.depth <= depth) {
      if (list === undefined || list.ordered !== item.ordered) {
        list = { ordered: item.ordered, items: [] };
        lists.push(list);
      }
      list.items.push({ text: item.text, below: [] });
      continue;
    }
    if (list === undefined) {
      list = { ordered: item.ordered, items: [] };
      lists.push(list);
    }
    let last = list.items.at(-1);
    if (last === undefined) {
      last = { text: null, below: [] };
      list.items.push(last);
    }
    last.below.push(item);
  }
  return lists.map(({ ordered, items: own }): Node => {
    const tasks = ordered ? null : own.map(({ text, below }) => toTask(text, nest(below, depth + 1)));
    if (tasks?.every((task) => task !== null)) return { type: "taskList", content: tasks.flat() };
    return {
      type: ordered ? "orderedList" : "bulletList",
      content: own.map(({ text, below }): Node => ({
        type: "listItem",
        content: [
          ...(text === null ? [] : [{ type: "paragraph", content: parseWikiInline(text) }]),
          ...(below.length === 0 ? [] : nest(below, depth + 1)),
        ],
      })),
    };
  });
}

/** Wiki markup has no tasks, but people write them: `* [ ] text`, `* [x] text`. Nested tasks become siblings; null for any other item. */
function toTask(text: string | null, below: readonly Node[]): Node[] | null {
  const sign = /^\\?\[([ xX])\\?\]\s+(.*)$/s.exec(text ?? "");
  if (sign === null || below.some(({ type }) => type !== "taskList")) return null;
  const state = sign[1] === " " ? "TODO" : "DONE";
  return [{ type: "taskItem", attrs: { state }, content: parseWikiInline(sign[2] ?? "") }, ...below];
}

/** `||heading||heading||` and `|cell|cell|`; a bar inside a link or after a backslash does not separate cells. */
function toTable(lines: readonly string[]): Node {
  return {
    type: "table",
    content: lines.map((line): Node => {
      const trimmed = line.trim();
      const isHead = trimmed.startsWith("||");
      const inner = trimmed.replace(/^\|{1,2}/, "").replace(/(?<!\\)\|{1,2}$/, "");
      const cells = splitCells(inner, isHead ? "||" : "|");
      return {
        type: "tableRow",
        content: cells.map((cell): Node => ({
          type: isHead ? "tableHeader" : "tableCell",
          content: [{ type: "paragraph", content: parseWikiInline(cell.trim()) }],
        })),
      };
    }),
  };
}

function splitCells(text: string, bar: string): string[] {
  const cells = [""];
  for (let at = 0; at < text.length;) {
    const link = /^\[(?:\\.|[^\]\\\n])+\]/.exec(text.slice(at))?.[0];
    const part =
      text[at] === "\\" ? text.slice(at, at + 2) : (link ?? (text.startsWith(bar, at) ? bar : text.slice(at, at + 1)));
    if (part === bar) cells.push("");
    else cells[cells.length - 1] += part;
    at += part.length;
  }
  return cells;
}
