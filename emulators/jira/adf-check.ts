/**
 * The first error in a document, as a path and a sentence; null if it is valid. As strict as the published schema for the nodes and marks that programs write.
 * https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
 */
export function adfFault(document: unknown): string | null {
  const root = recordOf(document);
  if (root === null || root["type"] !== "doc" || root["version"] !== 1) return "doc: no document of version 1";
  return extraFault(root, ["type", "version", "content"], "doc") ?? contentFault(root, blocks, "doc", false);
}

type Kind = {
  readonly content?: readonly string[];
  /** Requires at least one child. */
  readonly filled?: boolean;
  readonly attrs?: Readonly<Record<string, (value: unknown) => boolean>>;
  readonly required?: readonly string[];
  readonly marks?: readonly string[];
};

const isText = (value: unknown) => typeof value === "string";
const isNumber = (value: unknown) => typeof value === "number";
const isBoolean = (value: unknown) => typeof value === "boolean";
const oneOf =
  (...values: readonly unknown[]) =>
  (value: unknown) =>
    values.includes(value);

const inline = ["text", "hardBreak", "mention", "emoji", "date", "status", "inlineCard", "mediaInline"];
const media = ["mediaSingle"];
const lists = ["bulletList", "orderedList"];
const blocks = [
  "paragraph",
  "heading",
  ...lists,
  "taskList",
  "blockquote",
  "codeBlock",
  "rule",
  "panel",
  "table",
  ...media,
  "mediaGroup",
  "expand",
  "decisionList",
  "blockCard",
];
const cellContent = blocks.filter((type) => !["table", "expand"].includes(type)).concat("nestedExpand");
const local = { localId: isText };
const cell: Kind = {
  content: cellContent,
  filled: true,
  attrs: { ...local, colspan: isNumber, rowspan: isNumber, colwidth: Array.isArray, background: isText },
};

const kinds: Readonly<Record<string, Kind>> = {
  paragraph: { content: inline, attrs: local },
  heading: { content: inline, attrs: { ...local, level: oneOf(1, 2, 3, 4, 5, 6) }, required: ["level"] },
  bulletList: { content: ["listItem"], filled: true, attrs: local },
  orderedList: {
    content: ["listItem"],
    filled: true,
    attrs: { ...local, order: (value) => isNumber(value) && Number(value) >= 0 },
  },
  listItem: { content: ["paragraph", ...lists, "taskList", "codeBlock", ...media], filled: true, attrs: local },
  taskList: { content: ["taskItem", "taskList"], filled: true, attrs: local, required: ["localId"] },
  taskItem: { content: inline, attrs: { ...local, state: oneOf("TODO", "DONE") }, required: ["localId", "state"] },
  decisionList: { content: ["decisionItem"], filled: true, attrs: local, required: ["localId"] },
  decisionItem: { content: inline, attrs: { ...local, state: isText }, required: ["localId", "state"] },
  blockquote: {
    content: ["paragraph", ...lists, "codeBlock", ...media, "mediaGroup"],
    filled: true,
    attrs: local,
  },
  codeBlock: { content: ["text"], attrs: { ...local, language: isText }, marks: [] },
  rule: { attrs: local },
  panel: {
    content: ["paragraph", "heading", ...lists, "codeBlock", "taskList", "rule", ...media, "mediaGroup", "blockCard"],
    filled: true,
    attrs: { ...local, panelType: oneOf("info", "note", "tip", "warning", "error", "success", "custom") },
    required: ["panelType"],
  },
  expand: { content: cellContent.concat("table"), filled: true, attrs: { ...local, title: isText } },
  nestedExpand: { content: ["paragraph", "heading", "codeBlock", ...media], filled: true, attrs: { title: isText } },
  table: {
    content: ["tableRow"],
    filled: true,
    attrs: {
      ...local,
      isNumberColumnEnabled: isBoolean,
      layout: oneOf("default", "wide", "full-width", "center", "align-start", "align-end"),
      width: isNumber,
      displayMode: oneOf("default", "fixed"),
    },
  },
  tableRow: { content: ["tableCell", "tableHeader"], attrs: local },
  tableCell: cell,
  tableHeader: cell,
  mediaSingle: {
    content: ["media", "caption"],
    filled: true,
    attrs: {
      ...local,
      layout: oneOf("wide", "full-width", "center", "wrap-right", "wrap-left", "align-end", "align-start"),
      width: isNumber,
      widthType: oneOf("percentage", "pixel"),
    },
  },
  mediaGroup: { content: ["media"], filled: true },
  media: {
    attrs: {
      ...local,
      type: oneOf("file", "link", "external"),
      id: isText,
      collection: isText,
      alt: isText,
      url: isText,
      width: isNumber,
      height: isNumber,
    },
    required: ["type"],
  },
  caption: { content: inline, attrs: local },
  mediaInline: {
    attrs: { ...local, type: isText, id: isText, collection: isText, alt: isText, width: isNumber, height: isNumber },
    required: ["id", "collection"],
  },
  hardBreak: { attrs: { ...local, text: oneOf("\n") } },
  mention: {
    attrs: { ...local, id: isText, text: isText, accessLevel: isText, userType: isText },
    required: ["id"],
  },
  emoji: { attrs: { ...local, shortName: isText, id: isText, text: isText }, required: ["shortName"] },
  date: { attrs: { ...local, timestamp: isText }, required: ["timestamp"] },
  status: { attrs: { ...local, text: isText, color: isText, style: isText }, required: ["text", "color"] },
  inlineCard: { attrs: { ...local, url: isText, data: (value) => recordOf(value) !== null } },
  blockCard: { attrs: { ...local, url: isText, data: (value) => recordOf(value) !== null } },
};

const words = ["link", "em", "strong", "strike", "subsup", "underline", "textColor", "backgroundColor", "annotation"];
const markAttrs: Readonly<Record<string, readonly string[]>> = {
  link: ["href"],
  subsup: ["type"],
  textColor: ["color"],
  backgroundColor: ["color"],
  annotation: ["id", "annotationType"],
};

function nodeFault(value: unknown, path: string): string | null {
  const node = recordOf(value);
  const type = node?.["type"];
  if (node === null || typeof type !== "string") return `${path}: no node`;
  const here = `${path}/${type}`;
  if (type === "text") return textFault(node, here);
  const kind = kinds[type];
  if (kind === undefined) return `${here}: unknown`;
  const keys = ["type", ...(kind.content ? ["content"] : []), ...(kind.attrs ? ["attrs"] : []), "marks"];
  return (
    extraFault(node, keys, here) ??
    attrsFault(node["attrs"], kind, here) ??
    (kind.content === undefined ? null : contentFault(node, kind.content, here, kind.filled === true))
  );
}

function contentFault(
  node: Record<string, unknown>,
  allowed: readonly string[],
  path: string,
  filled: boolean,
): string | null {
  const content = node["content"];
  if (content === undefined && (filled || path === "doc")) return `${path}: without content`;
  if (content === undefined) return null;
  if (!Array.isArray(content)) return `${path}: content is no list`;
  if (filled && content.length === 0) return `${path}: empty`;
  for (const child of content) {
    const type = recordOf(child)?.["type"];
    if (typeof type === "string" && !allowed.includes(type)) return `${path}: may not hold ${type}`;
    const fault = nodeFault(child, path);
    if (fault !== null) return fault;
  }
  return null;
}

function attrsFault(value: unknown, kind: Kind, path: string): string | null {
  const attrs = value === undefined ? {} : recordOf(value);
  if (attrs === null) return `${path}: attrs is no object`;
  for (const [name, own] of Object.entries(attrs)) {
    const check = kind.attrs?.[name];
    if (check === undefined || !check(own)) return `${path}: attribute ${name}`;
  }
  const missing = (kind.required ?? []).find((name) => !(name in attrs));
  return missing === undefined ? null : `${path}: attribute ${missing} is missing`;
}

function textFault(node: Record<string, unknown>, path: string): string | null {
  const extra = extraFault(node, ["type", "text", "marks"], path);
  if (extra !== null) return extra;
  if (typeof node["text"] !== "string" || node["text"] === "") return `${path}: without a text`;
  const marks = node["marks"] ?? [];
  if (!Array.isArray(marks)) return `${path}: marks is no list`;
  const types = marks.map((mark) => recordOf(mark)?.["type"]);
  // Code may be combined with links only.
  const allowed = types.includes("code") ? ["code", "link", "annotation"] : words;
  for (const [index, mark] of marks.entries()) {
    const type = types[index];
    if (typeof type !== "string" || !allowed.includes(type)) return `${path}: mark ${String(type)}`;
    const attrs = recordOf(recordOf(mark)?.["attrs"] ?? {});
    const wanted = markAttrs[type] ?? [];
    if (attrs === null || wanted.some((name) => typeof attrs[name] !== "string")) return `${path}: mark ${type}`;
    if (wanted.length === 0 && Object.keys(attrs).length > 0) return `${path}: mark ${type}`;
  }
  return new Set(types).size === types.length ? null : `${path}: the same mark twice`;
}

function extraFault(node: Record<string, unknown>, known: readonly string[], path: string): string | null {
  const extra = Object.keys(node).find((key) => !known.includes(key));
  return extra === undefined ? null : `${path}: ${extra}`;
}

function recordOf(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
}
