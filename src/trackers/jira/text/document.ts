/**
 * A node of the Atlassian Document Format, as far as it can be trusted: any field may be missing or of another type.
 * https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
 */
export type Node = {
  readonly type: string;
  readonly text?: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
  readonly marks?: readonly Mark[];
  readonly content?: readonly Node[];
};

export type Mark = { readonly type: string; readonly attrs?: Readonly<Record<string, unknown>> };

/** Deeper nodes are read as plain text: nobody nests that far, and every level takes stack space. */
const deepest = 60;

/** Reads any value as a document; drops whatever is not a node. */
export function toNode(value: unknown, depth = 0): Node | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const { type, text, attrs, marks, content } = value as Record<string, unknown>;
  if (depth >= deepest) return { type: "text", text: textsOf(value) };
  const node: { -readonly [Field in keyof Node]: Node[Field] } = { type: typeof type === "string" ? type : "" };
  if (typeof text === "string") node.text = text;
  if (isRecord(attrs)) node.attrs = attrs;
  if (Array.isArray(marks)) node.marks = marks.flatMap(toMark);
  if (Array.isArray(content)) node.content = toNodes(content, depth + 1);
  return node;
}

function toNodes(values: readonly unknown[], depth: number): Node[] {
  const nodes: Node[] = [];
  for (const value of values) {
    const node = toNode(value, depth);
    if (node !== null) nodes.push(node);
  }
  return nodes;
}

function toMark(value: unknown): Mark[] {
  if (!isRecord(value) || typeof value["type"] !== "string") return [];
  return [{ type: value["type"], ...(isRecord(value["attrs"]) ? { attrs: value["attrs"] } : {}) }];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** All texts below, in order, without recursion. */
function textsOf(root: unknown): string {
  const found: string[] = [];
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (!isRecord(value)) continue;
    if (typeof value["text"] === "string") found.push(value["text"]);
    if (Array.isArray(value["content"])) waiting.push(...value["content"].toReversed());
  }
  return found.join(" ");
}

/** A text attribute; "" if there is none. */
export function attribute(node: { readonly attrs?: Readonly<Record<string, unknown>> }, name: string): string {
  const value = node.attrs?.[name];
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

/** The text of a node and its descendants, without marks. */
export function plainText(node: Node): string {
  if (node.text !== undefined) return node.text;
  if (node.type === "hardBreak") return "\n";
  return (node.content ?? []).map(plainText).join("");
}
