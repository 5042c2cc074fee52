import type { CustomChange, FieldSpec, IssueType } from "./operation.ts";

/** The create form of a source, with all its issue types. */
type Form = { readonly types: readonly IssueType[] };

/** Describes a change of a tracker's own field for people: names of the field and its options, or ids if the form does not have them. */
export function ownFieldWords(
  form: Form | null,
  { id, from, to }: CustomChange,
): { readonly name: string; readonly from: string | null; readonly to: string | null } {
  const spec = form?.types.flatMap(({ fields }) => fields).find((field) => field.id === id);
  return { name: spec?.name ?? id, from: valueWords(spec, from), to: valueWords(spec, to) };
}

function valueWords(spec: FieldSpec | undefined, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map((one) => valueWords(spec, one)).join(", ") || null;
  if (typeof value !== "string") return JSON.stringify(value);
  return spec?.options.find((option) => option.id === value)?.name ?? value;
}
