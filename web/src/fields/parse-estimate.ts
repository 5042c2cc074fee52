/** The message for an estimate that is not a number. */
export const estimateProblem = "Enter a number, 0 or more.";

/** A typed estimate, with a comma or a point; null: none; undefined: not an estimate. */
export function parseEstimate(typed: string): number | null | undefined {
  if (typed.trim() === "") return null;
  const value = Number(typed.replace(",", "."));
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}
