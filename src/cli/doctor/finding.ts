/** One thing the doctor looked at. */
export type Finding = {
  readonly level: "ok" | "note" | "warning" | "error";
  /** `Node`, `GitHub (work)`. */
  readonly area: string;
  readonly message: string;
  /** What to do about it. */
  readonly fix: string | null;
};

export function finding(level: Finding["level"], area: string, message: string, fix: string | null = null): Finding {
  return { level, area, message, fix };
}
