import type { Mark, Node } from "./document.ts";

const inList = new Set(["paragraph", "bulletList", "orderedList", "taskList", "codeBlock", "mediaSingle"]);
const inQuote = new Set(["paragraph", "bulletList", "orderedList", "codeBlock", "mediaSingle", "mediaGroup"]);

/**
 * Makes a document valid: a node that the format does not allow in its place becomes the nearest allowed one. No text is lost.
 * https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
 */
export function fitDocument(document: Node): Node & { readonly version: 1 } {
  let tasks = 0;
  const newId = () => `task-${(tasks += 1)}`;

  function fit(node: Node): Node {
    switch (node.type) {
      case "blockquote":
        return { ...node, content: filled(within(node, inQuote)) };
      case "listItem":
        return { ...node, content: filled(within(node, inList)) };
      case "taskList":
        return { ...node, attrs: { localId: newId() }, content: (node.content ?? []).map(fit) };
      case "taskItem":
        return { ...node, attrs: { localId: newId(), ...node.attrs } };
      case "bulletList":
      case "orderedList":
      case "table":
      case "tableRow":
        return { ...node, content: (node.content ?? []).map(fit) };
      default:
        return node;
    }
  }

  function within(node: Node, allowed: ReadonlySet<string>): Node[] {
    return (node.content ?? []).flatMap((child) => (allowed.has(child.type) ? [fit(child)] : instead(child, allowed)));
  }

  function instead(node: Node, allowed: ReadonlySet<string>): Node[] {
    switch (node.type) {
      case "heading":
        return [{ type: "paragraph", content: (node.content ?? []).map(strongly) }];
      case "rule":
        return [{ type: "paragraph", content: [{ type: "text", text: "———" }] }];
      case "table":
        return [{ type: "codeBlock", content: [{ type: "text", text: rowsOf(node).join("\n") }] }];
      case "taskList":
        return [fit({ type: "bulletList", content: (node.content ?? []).flatMap(toItem) })];
      default:
        return within(node, allowed);
    }
  }

  return { type: "doc", version: 1, content: (document.content ?? []).map(fit) };
}

function filled(content: Node[]): Node[] {
  return content.length > 0 ? content : [{ type: "paragraph", content: [] }];
}

function strongly(node: Node): Node {
  const marks = node.marks ?? [];
  const isPlain = node.text !== undefined && !marks.some(({ type }) => type === "strong" || type === "code");
  return isPlain ? { ...node, marks: [{ type: "strong" } satisfies Mark, ...marks] } : node;
}

function toItem(task: Node): Node[] {
  if (task.type === "taskList") return (task.content ?? []).flatMap(toItem);
  const sign = task.attrs?.["state"] === "DONE" ? "[x] " : "[ ] ";
  return [
    {
      type: "listItem",
      content: [{ type: "paragraph", content: [{ type: "text", text: sign }, ...(task.content ?? [])] }],
    },
  ];
}

function rowsOf(table: Node): string[] {
  return (table.content ?? []).map((row) => (row.content ?? []).map((cell) => wordsOf(cell)).join(" | "));
}

function wordsOf(node: Node): string {
  return node.text ?? (node.content ?? []).map(wordsOf).join("");
}
