import { priorityLabels } from "../../domain/priority.ts";
import { statusLabels } from "../../domain/status.ts";
import type { IssueShape } from "../../server/contract/issue.ts";
import { plainLine } from "../../domain/plain-text.ts";
import { toPlainJson } from "../printing/plain-json.ts";

/** A format that can be written incrementally, for lists of any length. */
export type ExportFormat = {
  readonly head: string;
  /** `isFirst`: no row precedes it. */
  row(issue: IssueShape, isFirst: boolean): string;
  readonly foot: string;
};

export const formatNames = ["json", "csv", "markdown"] as const;
export type FormatName = (typeof formatNames)[number];

type Column = readonly [title: string, value: (issue: IssueShape) => string | number | null];

const columns: readonly Column[] = [
  ["ref", ({ ref }) => ref],
  ["tracker", ({ tracker }) => tracker],
  ["project", ({ project }) => project],
  ["type", ({ type }) => type],
  ["title", ({ title }) => title],
  ["status", ({ status }) => status],
  ["nativeState", ({ nativeState }) => nativeState.name],
  ["priority", ({ priority }) => priorityLabels[priority]],
  ["assignees", ({ assignees }) => assignees.map(({ login }) => login).join(", ")],
  ["labels", ({ labels }) => labels.map(({ name }) => name).join(", ")],
  ["cycle", ({ cycle }) => cycle?.name ?? null],
  ["parent", ({ parent }) => parent?.ref ?? null],
  ["blockedBy", ({ blockedBy }) => blockedBy.join(", ")],
  ["estimate", ({ estimate }) => estimate],
  ["dueDate", ({ dueDate }) => dueDate],
  ["createdAt", ({ createdAt }) => createdAt],
  ["updatedAt", ({ updatedAt }) => updatedAt],
  ["closedAt", ({ closedAt }) => closedAt],
  ["url", ({ url }) => url],
];

/** What spreadsheets treat as the start of a formula, including full-width forms. https://owasp.org/www-community/attacks/CSV_Injection */
const formulaStart = /^[=+\-@\t\r\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}|%]/u;

/** A cell as RFC 4180 defines it. Text that a spreadsheet would evaluate gets a leading apostrophe, which marks it as text. */
export function toCell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = plainLine(value);
  const safe = formulaStart.test(text) ? `'${text}` : text;
  return /[",;\r\n]|^\s|\s$|^'/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const csv: ExportFormat = {
  head: `${columns.map(([title]) => title).join(",")}\r\n`,
  row: (issue) => `${columns.map(([, value]) => toCell(value(issue))).join(",")}\r\n`,
  foot: "",
};

const json: ExportFormat = {
  head: '{"issues": [',
  row: (issue, isFirst) => `${isFirst ? "\n" : ",\n"}${toPlainJson(issue)}`,
  foot: "\n]}\n",
};

/** Escapes text for a markdown table cell, so that nothing in it is markup or ends the cell. */
function toMarkdown(text: string): string {
  return plainLine(text).replace(/[\\`*_{}[\]<>()#+!|~&]/g, "\\$&");
}

const markdown: ExportFormat = {
  head: "| Ref | Status | Priority | Title | Assignees | Labels | Updated |\n|---|---|---|---|---|---|---|\n",
  row(issue) {
    const address = /^https?:\/\/[^\s()<>|]+$/.test(issue.url ?? "") ? `(${issue.url})` : null;
    const ref = toMarkdown(issue.ref);
    const cells = [
      address === null ? ref : `[${ref}]${address}`,
      statusLabels[issue.status],
      issue.priority === 0 ? "" : priorityLabels[issue.priority],
      toMarkdown(issue.title),
      toMarkdown(issue.assignees.map(({ login }) => login).join(", ")),
      toMarkdown(issue.labels.map(({ name }) => name).join(", ")),
      issue.updatedAt.slice(0, 10),
    ];
    return `| ${cells.join(" | ")} |\n`;
  },
  foot: "",
};

export const formats: Readonly<Record<FormatName, ExportFormat>> = { json, csv, markdown };
