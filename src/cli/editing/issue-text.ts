import { parseDocument, stringify } from "yaml";
import { PanopticonError } from "../../domain/error.ts";
import { nearestWord } from "../../domain/nearest-word.ts";
import { priorityLabels } from "../../domain/priority.ts";
import { statusLabels } from "../../domain/status.ts";
import type { IssuePatch } from "../../server/contract/change.ts";
import type { IssueDetailShape } from "../../server/contract/issue.ts";

/** The fields of an issue as shown in its file. */
type Parts = {
  readonly status: string;
  readonly priority: string;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly cycle: string | null;
  readonly due: string | null;
  readonly estimate: number | null;
  readonly parent: string | null;
};

type Edited = { readonly title: string; readonly body: string; readonly parts: Partial<Record<keyof Parts, unknown>> };

const partNames: readonly (keyof Parts)[] = [
  "status",
  "priority",
  "labels",
  "assignees",
  "cycle",
  "due",
  "estimate",
  "parent",
];

/** Renders an issue as an editable text: the fields as YAML front matter, the title as a heading, then the body. */
export function toIssueText(issue: IssueDetailShape): string {
  const lines = Object.entries(partsOf(issue)).map(([name, value]) => `${name}: ${inline(value)}`.trimEnd());
  return `---\n${lines.join("\n")}\n---\n# ${issue.title}\n\n${issue.body.trimEnd()}\n`;
}

function inline(value: unknown): string {
  return value === null
    ? ""
    : stringify(value, { collectionStyle: "flow", lineWidth: 0, flowCollectionPadding: false }).trim();
}

function partsOf(issue: IssueDetailShape): Parts {
  return {
    status: statusLabels[issue.status],
    priority: priorityLabels[issue.priority].toLowerCase(),
    labels: issue.labels.map(({ name }) => name),
    assignees: issue.assignees.map(({ login }) => login),
    cycle: issue.cycle?.name ?? null,
    due: issue.dueDate,
    estimate: issue.estimate,
    parent: issue.parent?.address ?? issue.parent?.ref ?? null,
  };
}

/** The patch for an edited text; null if nothing changed. Throws `invalid_input` if the text cannot be parsed. */
export function toTextPatch(issue: IssueDetailShape, text: string): IssuePatch | null {
  if (text.trim() === "") return null;
  const { title, body, parts } = readIssueText(text);
  const before = partsOf(issue);
  const labels = listChange("labels", before.labels, parts.labels);
  const assignees = listChange("assignees", before.assignees, parts.assignees);
  const texts = {
    ...(title !== issue.title && { title }),
    ...(body !== issue.body.trimEnd() && { body }),
  };
  const patch: IssuePatch = {
    ...texts,
    ...(Object.keys(texts).length > 0 && { base: { title: issue.title, body: issue.body } }),
    ...ifChanged("status", before.status, readWord("status", parts.status)),
    ...ifChanged("priority", before.priority, readWord("priority", parts.priority)),
    ...(labels.add.length > 0 && { addLabels: labels.add }),
    ...(labels.remove.length > 0 && { removeLabels: labels.remove }),
    ...(assignees.add.length > 0 && { addAssignees: assignees.add }),
    ...(assignees.remove.length > 0 && { removeAssignees: assignees.remove }),
    ...ifChanged("cycle", before.cycle, readWord("cycle", parts.cycle)),
    ...ifChanged("dueDate", before.due, readWord("due", parts.due)),
    ...ifChanged("estimate", before.estimate, readEstimate(parts.estimate)),
    ...ifChanged("parent", before.parent, readWord("parent", parts.parent)),
  };
  return Object.keys(patch).length === 0 ? null : patch;
}

/** `undefined`: the line was removed, so the field is left alone. Status and priority cannot be empty. */
function ifChanged(name: string, before: unknown, after: unknown): object {
  if (after === undefined || after === before) return {};
  if (after === null && (name === "status" || name === "priority")) return {};
  return { [name]: after };
}

function readIssueText(text: string): Edited {
  const match = /^---\r?\n([\s\S]*?)^---\s*$\r?\n?([\s\S]*)$/m.exec(text.trimStart());
  const [front, rest] = match === null ? ["", text] : [match[1] ?? "", match[2] ?? ""];
  const [first = "", ...others] = rest.replace(/^\s*\n/, "").split(/\r?\n/);
  return {
    title: first.replace(/^#\s+/, "").trim(),
    body: others.join("\n").replace(/^\n+/, "").trimEnd(),
    parts: readFront(front),
  };
}

function readFront(text: string): Edited["parts"] {
  const document = parseDocument(text, { logLevel: "silent", prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined) throw unreadable(error.message.split("\n")[0] ?? "");
  const value: unknown = document.toJS();
  if (value === null || value === undefined) return {};
  if (typeof value !== "object" || Array.isArray(value)) throw unreadable("it has no keys with values");
  const known: readonly string[] = partNames;
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown === undefined) return value as Edited["parts"];
  const nearest = nearestWord(unknown, known);
  throw new PanopticonError("invalid_input", `Unknown field “${unknown}” between the dashes.`, {
    hint: nearest === undefined ? `Available: ${known.join(", ")}.` : `Did you mean “${nearest}”?`,
    candidates: nearest === undefined ? known : [nearest],
  });
}

function readWord(name: string, value: unknown): string | null | undefined {
  if (value === undefined || value === null) return value;
  if (typeof value === "string") return value.trim() === "" ? null : value.trim();
  if (typeof value === "number") return String(value);
  throw unreadable(`${name} is not a word`);
}

function readEstimate(value: unknown): number | null | undefined {
  if (value === undefined || value === null || typeof value === "number") return value;
  throw unreadable("the estimate is not a number");
}

function listChange(
  name: string,
  before: readonly string[],
  value: unknown,
): { readonly add: string[]; readonly remove: string[] } {
  if (value === undefined) return { add: [], remove: [] };
  const after = (value === null ? [] : Array.isArray(value) ? value : [value]).map((one: unknown) => {
    const word = readWord(name, one);
    if (typeof word === "string") return word;
    throw unreadable(`${name} is not a list of words`);
  });
  return {
    add: after.filter((one) => !before.includes(one)),
    remove: before.filter((one) => !after.includes(one)),
  };
}

function unreadable(why: string): PanopticonError {
  return new PanopticonError("invalid_input", `The text between the dashes cannot be read: ${why}.`);
}
