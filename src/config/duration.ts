const dayMs = 24 * 60 * 60 * 1000;
const historyUnitsMs: Record<string, number> = { d: dayMs, w: 7 * dayMs, m: 30 * dayMs, y: 365 * dayMs };
const intervalUnitsMs: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000 };

export const historyPattern = "^(all|[1-9][0-9]{0,4}[dwmy])$";
export const intervalPattern = "^[1-9][0-9]{0,5}[smh]$";

/** `90d`, `12w`, `6m` (of 30 days), `1y` (of 365) → milliseconds; `all` → null; undefined for anything else. */
export function parseHistory(text: string): number | null | undefined {
  if (!new RegExp(historyPattern).test(text)) return undefined;
  if (text === "all") return null;
  return Number(text.slice(0, -1)) * (historyUnitsMs[text.slice(-1)] ?? 0);
}

/** `10s`, `2m`, `1h` → milliseconds; undefined for anything else. */
export function parseInterval(text: string): number | undefined {
  if (!new RegExp(intervalPattern).test(text)) return undefined;
  return Number(text.slice(0, -1)) * (intervalUnitsMs[text.slice(-1)] ?? 0);
}
