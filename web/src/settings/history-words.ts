/** The standard choices; any other value in projects.yaml is offered too. */
export const historyChoices = ["30d", "90d", "180d", "1y", "all"] as const;

const units: Readonly<Record<string, string>> = { d: "day", w: "week", m: "month", y: "year" };

/** `90d` → `90 days of closed issues` */
export function historyWords(history: string): string {
  if (history === "all") return "All closed issues";
  const [, number, letter = ""] = /^(\d+)\s*([dwmy])$/.exec(history) ?? [];
  const unit = units[letter];
  return number === undefined || unit === undefined
    ? history
    : `${number} ${unit}${number === "1" ? "" : "s"} of closed issues`;
}
