/** One result of a doctor check. */
export type Finding = {
  readonly level: "ok" | "note" | "warning" | "error";
  /** For example `Node` or `GitHub (work)`. */
  readonly area: string;
  readonly message: string;
  /** How to fix it. */
  readonly fix: string | null;
};

export function finding(level: Finding["level"], area: string, message: string, fix: string | null = null): Finding {
  return { level, area, message, fix };
}
