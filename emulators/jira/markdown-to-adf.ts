/** A node of the Atlassian Document Format. https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/ */
export type AdfNode = {
  readonly type: string;
  readonly version?: number;
  readonly text?: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
  readonly marks?: readonly AdfMark[];
  readonly content?: readonly AdfNode[];
};

export type AdfMark = { readonly type: string; readonly attrs?: Readonly<Record<string, unknown>> };

/** Converts typed or pasted markdown like Jira's editor does, for the subset the company uses. Anything else is text. */
export function markdownToAdf(markdown: string): AdfNode {
  const lines = markdown.replaceAll("\u0000", "").replace(/\r\n?/g, "\n").split("\n");
  return { type: "doc", version: 1, content: toBlocks(lines) };
}

const fence = /^(`{3,})\s*([\w+-]*)\s*$/;
const item = /^(?:[-*]|\d{1,9}\.) +/;
const task = /^- \[([ xX])\] +/;
const divider = /^\|?(?:\s*:?-{3,}:?\s*\|)+\s*(?::?-{3,}:?\s*)?$/;

function toBlocks(lines: readonly string[]): AdfNode[] {
  const nodes: AdfNode[] = [];
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? "";
    const opening = fence.exec(line);
    const heading = /^(#{1,6}) +(.*)$/.exec(line);
    const take = (isMore: (line: string) => boolean): string[] => {
      let end = at + 1;
      while (end < lines.length && isMore(lines[end] ?? "")) end += 1;
      const taken = lines.slice(at, end);
      at = end;
      return taken;
    };
    if (line.trim() === "") at += 1;
    else if (opening !== null) {
      const end = lines.findIndex((one, index) => index > at && one.trim() === opening[1]);
      const close = end === -1 ? lines.length : end;
      const text = lines.slice(at + 1, close).join("\n");
      nodes.push({
        type: "codeBlock",
        ...(opening[2] ? { attrs: { language: opening[2] } } : {}),
        ...(text === "" ? {} : { content: [{ type: "text", text }] }),
      });
      at = close + 1;
    } else if (heading !== null) {
      nodes.push({ type: "heading", attrs: { level: (heading[1] ?? "").length }, content: toInline(heading[2] ?? "") });
      at += 1;
    } else if (/^-{3,}$/.test(line)) {
      nodes.push({ type: "rule" });
      at += 1;
    } else if (line.startsWith(">")) {
      const inner = take((one) => one.startsWith(">")).map((one) => one.replace(/^> ?/, ""));
      nodes.push({ type: "blockquote", content: toBlocks(inner) });
    } else if (task.test(line)) {
      const content = take((one) => task.test(one)).map((one, index): AdfNode => ({
        type: "taskItem",
        attrs: { localId: `task-${index}`, state: /\[[xX]\]/.test(one.slice(0, 6)) ? "DONE" : "TODO" },
        content: toInline(one.replace(task, "")),
      }));
      nodes.push({ type: "taskList", attrs: { localId: "tasks" }, content });
    } else if (item.test(line)) {
      const isOrdered = /^\d/.test(line);
      const content = take((one) => item.test(one) && /^\d/.test(one) === isOrdered).map((one): AdfNode => ({
        type: "listItem",
        content: [{ type: "paragraph", content: toInline(one.replace(item, "")) }],
      }));
      const order = Number(/^\d+/.exec(line)?.[0]);
      nodes.push(isOrdered ? { type: "orderedList", attrs: { order }, content } : { type: "bulletList", content });
    } else if (line.startsWith("|") && divider.test(lines[at + 1] ?? "")) {
      nodes.push(toTable(take((one) => one.startsWith("|"))));
    } else {
      const text = take((one) => one.trim() !== "" && !fence.test(one) && !/^(?:#{1,6} |>|- |\d{1,9}\. )/.test(one));
      nodes.push({
        type: "paragraph",
        content: text.flatMap((one, index) => [...(index === 0 ? [] : [{ type: "hardBreak" }]), ...toInline(one)]),
      });
    }
  }
  return nodes;
}

function toTable(lines: readonly string[]): AdfNode {
  const rows = lines
    .filter((_, index) => index !== 1)
    .map((line) =>
      line
        .trim()
        .replace(/^\||\|$/g, "")
        .split(/(?<!\\)\|/),
    );
  return {
    type: "table",
    attrs: { isNumberColumnEnabled: false, layout: "default" },
    content: rows.map((cells, index): AdfNode => ({
      type: "tableRow",
      content: cells.map((cell): AdfNode => ({
        type: index === 0 ? "tableHeader" : "tableCell",
        attrs: {},
        content: [{ type: "paragraph", content: toInline(cell.trim()) }],
      })),
    })),
  };
}

const inline =
  /(`+)(.+?)\1(?!`)|\*\*(\S(?:.*?\S)?)\*\*|(?<![\p{L}\p{N}])_(\S(?:.*?\S)?)_(?![\p{L}\p{N}])|<([a-z][a-z0-9+.-]*:[^\s<>]+)>|!\[([^\]]*)\]\(([^()\s]+)\)|\[([^\]]+)\]\(([^()\s]+)\)|\\([!-/:-@[-`{-~])/u;

function toInline(text: string, marks: readonly AdfMark[] = []): AdfNode[] {
  const nodes: AdfNode[] = [];
  const push = (words: string, own: readonly AdfMark[] = marks) => {
    const last = nodes.at(-1);
    if (words === "") return;
    if (last?.type === "text" && own === marks && (last.marks ?? []) === marks) {
      nodes[nodes.length - 1] = { ...last, text: (last.text ?? "") + words };
    } else nodes.push({ type: "text", text: words, ...(own.length > 0 ? { marks: own } : {}) });
  };
  let rest = text;
  for (let match = inline.exec(rest); match !== null; match = inline.exec(rest)) {
    push(rest.slice(0, match.index));
    rest = rest.slice(match.index + match[0].length);
    const [, , code, strong, em, address, alt, image, words, target, escaped] = match;
    if (code !== undefined) push(code, [...marks, { type: "code" }]);
    else if (strong !== undefined) nodes.push(...toInline(strong, [...marks, { type: "strong" }]));
    else if (em !== undefined) nodes.push(...toInline(em, [...marks, { type: "em" }]));
    else if (address !== undefined) nodes.push({ type: "inlineCard", attrs: { url: address } });
    else if (image !== undefined) push(alt || image, [...marks, { type: "link", attrs: { href: image } }]);
    else if (target !== undefined)
      nodes.push(...toInline(words ?? "", [...marks, { type: "link", attrs: { href: target } }]));
    else push(escaped ?? "");
  }
  push(rest);
  return nodes;
}
