import { type FieldChange, type FieldValue, type IssueType, type ScalarField } from "../../domain/operation.ts";
import { valueOf } from "../../domain/overlay.ts";
import type { IssuePatch } from "../changes.ts";
import { readCycle } from "../words/cycle-words.ts";
import type { EditContext } from "./edit-context.ts";
import { requireKnownKeys } from "../words/known-keys.ts";
import { nameField } from "../words/name-field.ts";
import { readOwnFields } from "../words/own-fields.ts";
import { readAssignees } from "./read-assignees.ts";
import { readPlacing } from "./read-placing.ts";
import { checkBase, readBase } from "./text-base.ts";
import { readBody, readDay, readEstimate, readTitle } from "../words/text-words.ts";
import { readType, requireField } from "../words/type-words.ts";

/** The keys of a patch. */
export const patchKeys: readonly (keyof IssuePatch)[] = [
  "title",
  "body",
  "status",
  "state",
  "priority",
  "dueDate",
  "estimate",
  "parent",
  "cycle",
  "type",
  "addLabels",
  "removeLabels",
  "addAssignees",
  "removeAssignees",
  "transition",
  "fields",
  "rank",
  "base",
];

/** Throws `invalid_input` if the value is not a patch. */
export function checkPatch(patch: unknown): void {
  requireKnownKeys(patch, patchKeys, "change");
}

/**
 * Converts a patch in readable names into changes in native values; leaves out values equal to those shown. The parent is read separately
 * (relate/parent-change.ts). Throws before anything is queued: see `Changes`.
 */
export async function readEdit(patch: IssuePatch, context: EditContext): Promise<readonly FieldChange[]> {
  const { source, issue, now } = context;
  const { shown } = issue;
  const { tracker } = source;
  const type = patch.type === undefined ? source.types.find(({ name }) => name === shown.type) : await readNewType();
  const typeName = type?.name ?? shown.type;
  const changes: FieldChange[] = [];
  const base = await checkBase(patch.base);

  const set = async (key: keyof IssuePatch & ScalarField, read: () => FieldValue | Promise<FieldValue>) => {
    if (patch[key] === undefined) return;
    await nameField(key, async () => {
      const [present, to] = [valueOf(shown, key), await read()];
      if (present === to) return;
      const from = key === "title" || key === "body" ? readBase(base, key, present) : present;
      requireField(source, typeName, key);
      changes.push({ field: key, from, to });
    });
  };
  await set("title", () => readTitle(patch.title, tracker));
  await set("body", () => readBody(patch.body, tracker));
  await set("type", () => typeName);
  const placing = await readPlacing(patch, context, { name: typeName, type });
  changes.push(...placing.changes, ...(await readAssignees(patch, context, typeName)));
  await set("cycle", () => readCycle(patch.cycle, source, now));
  await set("dueDate", () => readDay(patch.dueDate, "due date"));
  await set("estimate", () => readEstimate(patch.estimate));
  const own = placing.fields ?? (await readOwnFields(patch.fields, type?.fields ?? null, source));
  for (const [id, to] of own) changes.push({ field: "custom", id, to });
  return changes;

  function readNewType(): Promise<IssueType> {
    return nameField("type", () => {
      const written = readType(patch.type, source);
      if (written.name !== shown.type) requireField(source, shown.type, "type");
      return written;
    });
  }
}
