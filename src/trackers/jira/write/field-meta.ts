import { foldName } from "../../../domain/fold-name.ts";
import type { FieldSpec } from "../../../domain/operation.ts";
import { writeBody } from "../text/body-format.ts";
import type { FieldMeta } from "../schema.ts";

/** What converting a value needs to know: Cloud and Data Center write people and texts differently. */
export type ValueContext = {
  readonly isCloud: boolean;
  /** Data Center's name of a person by the immutable key. */
  readonly nameOf: (personId: string) => Promise<string>;
};

/** Fields with an equivalent in Panopticon; the others are Jira's or the project's own. */
const shared = new Set([
  "summary",
  "description",
  "project",
  "issuetype",
  "parent",
  "priority",
  "labels",
  "assignee",
  "duedate",
  // Filled in by Jira itself.
  "reporter",
  // Parts of screens that are not fields.
  "attachment",
  "issuelinks",
  "comment",
  "worklog",
]);

export function isOwnField(id: string, meta: FieldMeta): boolean {
  return (
    !shared.has(id) && !/:(?:gh-sprint|gh-epic-link|gh-epic-label|jsw-story-points)$/.test(meta.schema.custom ?? "")
  );
}

/** Whether a form has to ask for it. */
export function isAskedFor({ required, hasDefaultValue }: FieldMeta): boolean {
  return required && hasDefaultValue !== true;
}

export function toFieldSpec(id: string, meta: FieldMeta): FieldSpec {
  const options = (meta.allowedValues ?? []).flatMap(toOption);
  return { id, name: meta.name, kind: kindOfField(meta), required: isAskedFor(meta), options };
}

export function kindOfField(meta: FieldMeta): FieldSpec["kind"] {
  return kindOf(meta, (meta.allowedValues ?? []).flatMap(toOption).length > 0);
}

/** The ids by which a form identifies an issue's current values. */
export function optionIds(held: readonly unknown[]): readonly string[] {
  return held.flatMap(toOption).map(({ id }) => id);
}

function kindOf({ schema }: FieldMeta, hasOptions: boolean): FieldSpec["kind"] {
  const { type, items, system, custom } = schema;
  if (type === "number") return "number";
  if (type === "date") return "date";
  if (type === "user") return "person";
  if (type === "array") {
    if (items === "user") return "people";
    if (items === "string" && !hasOptions) return "labels";
    return hasOptions || items !== "string" ? "choices" : "text";
  }
  if (hasOptions) return "choice";
  const isText = (custom ?? "").endsWith(":textarea") || system === "description" || system === "environment";
  return isText || type === "comments-page" ? "markdown" : "text";
}

/** Reads an option, whose id and name have different keys in different kinds of fields. */
function toOption(value: unknown): { readonly id: string; readonly name: string }[] {
  if (typeof value === "string") return [{ id: value, name: value }];
  if (typeof value !== "object" || value === null) return [];
  const { id, value: own, name, key, displayName } = value as Record<string, unknown>;
  const words = [name, own, displayName, key, id].find((one) => typeof one === "string" && one !== "");
  const known = [id, own, key, name].find((one) => typeof one === "string" || typeof one === "number");
  return typeof words !== "string" || known === undefined ? [] : [{ id: String(known), name: words }];
}

/** Converts a form's value to Jira's format; null clears the field. */
export async function toFieldValue(
  id: string,
  meta: FieldMeta,
  value: unknown,
  context: ValueContext,
): Promise<unknown> {
  if (value === null || value === undefined || value === "") return null;
  const { kind } = toFieldSpec(id, meta);
  const person = async (one: string) => (context.isCloud ? { accountId: one } : { name: await context.nameOf(one) });
  switch (kind) {
    case "markdown":
      return writeBody(context.isCloud ? "document" : "wiki", textOf(value), []);
    case "number":
      return typeof value === "number" ? value : Number(textOf(value));
    case "choice":
      return optionOf(meta, textOf(value));
    case "choices":
      return listOf(value).map((one) => optionOf(meta, one));
    case "person":
      return person(textOf(value));
    case "people":
      return Promise.all(listOf(value).map(person));
    case "labels":
      return listOf(value);
    default:
      return textOf(value);
  }
}

/** Finds an option by id, or by the name that was written if the id could not be looked up. */
function optionOf(meta: FieldMeta, written: string): unknown {
  const options = (meta.allowedValues ?? []).flatMap((raw) => toOption(raw).map((option) => ({ raw, ...option })));
  const found =
    options.find((one) => one.id === written) ?? options.find((one) => foldName(one.name) === foldName(written));
  if (found !== undefined && typeof found.raw === "string") return found.raw;
  return { id: found?.id ?? written };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : JSON.stringify(value);
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(textOf) : [textOf(value)];
}
