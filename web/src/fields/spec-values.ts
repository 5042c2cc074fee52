/** Values of a form's tracker-specific fields, by id. */
export type SpecValues = Readonly<Record<string, unknown>>;

/** Whether a value is present. */
export function isFilled(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== "";
}
