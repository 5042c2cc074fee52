import type { NativeIssue } from "../../../domain/issue.ts";
import { fieldOf } from "../../http/parse-body.ts";
import { toMarkdown } from "../text/adf-to-markdown.ts";
import { findLosses, readDocument } from "../text/body-format.ts";
import type { JiraClient } from "../client.ts";
import { kindOfField, optionIds } from "./field-meta.ts";
import { EditMeta, type FieldMeta } from "../schema.ts";

/**
 * The current values of the project's own fields in form format: an option as its id, a person as their id, a text as Markdown. Leaves out fields that the
 * issue's screen does not show, and values that a form could not restore. Two requests.
 */
export async function readOwnValues(
  client: JiraClient,
  { nativeId }: Pick<NativeIssue, "nativeId">,
  ids: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, unknown>> {
  const path = `/issue/${encodeURIComponent(nativeId)}`;
  const { isCloud } = await client.getSite(signal);
  const { fields: metas } = client.parse(EditMeta, await client.get(`${path}/editmeta`, {}, signal), "editmeta");
  const { body } = await client.get(path, { fields: ids.join(",") }, signal);
  const held = fieldOf(body, "fields");
  const values = new Map<string, unknown>();
  for (const id of ids) {
    const meta = metas[id];
    const value = meta === undefined ? undefined : toFormValue(meta, fieldOf(held, id), isCloud);
    if (value !== undefined) values.set(id, value);
  }
  return values;
}

/** undefined: a form cannot express it. */
function toFormValue(meta: FieldMeta, held: unknown, isCloud: boolean): unknown {
  if (held === null || held === undefined) return null;
  const person = (one: unknown) => fieldOf(one, isCloud ? "accountId" : "key");
  const list = Array.isArray(held) ? (held as readonly unknown[]) : null;
  switch (kindOfField(meta)) {
    case "markdown": {
      const document = readDocument(held);
      if (document === null) return null;
      return findLosses(isCloud ? "document" : "wiki", document, []) === null ? toMarkdown(document) : undefined;
    }
    case "number":
      return typeof held === "number" ? held : undefined;
    case "choice":
      // A nested option: a form can only choose the outer one.
      return fieldOf(held, "child") == null ? optionIds([held])[0] : undefined;
    case "choices":
      return list === null ? undefined : whole(optionIds(list), list);
    case "person":
      return person(held);
    case "people":
      return list === null ? undefined : whole(list.map(person), list);
    case "labels":
      return list ?? undefined;
    default:
      return typeof held === "string" ? held : undefined;
  }
}

function whole(values: readonly unknown[], list: readonly unknown[]): readonly unknown[] | undefined {
  return values.length === list.length && !values.includes(undefined) ? values : undefined;
}
