/** Values of a form's own fields, by their ids. */
export type SpecValues = Readonly<Record<string, unknown>>;

/** Whether a value is there. */
export function isFilled(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== "";
}
