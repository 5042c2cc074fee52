import type { HistoryShape } from "../../../src/server/contract/history.ts";

export type HistoryEntry = HistoryShape["history"][number];

const minute = 60_000;
const dayFormat = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" });

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** The start of yesterday in the user's time zone. */
export function startOfYesterday(now: number): number {
  return startOfDay(startOfDay(now) - 12 * 60 * minute);
}

function ageName(at: number, now: number): string {
  if (now - at < 15 * minute) return "Last 15 minutes";
  if (at >= startOfDay(now)) return "Earlier today";
  if (at >= startOfYesterday(now)) return "Yesterday";
  return dayFormat.format(at);
}

type Keyed = HistoryEntry & { readonly key: string };

/** Groups entries, newest first, by age. */
export function groupByAge(
  entries: readonly HistoryEntry[],
  now: number,
): readonly { readonly name: string; readonly entries: readonly Keyed[] }[] {
  const groups = new Map<string, Keyed[]>();
  const seen = new Map<string, number>();
  for (const entry of entries) {
    const name = ageName(Date.parse(entry.at), now);
    const same = `${entry.at} ${entry.ref} ${entry.field} ${entry.to}`;
    const count = (seen.get(same) ?? 0) + 1;
    seen.set(same, count);
    const group = groups.get(name) ?? [];
    group.push({ ...entry, key: `${same} ${count}` });
    groups.set(name, group);
  }
  return [...groups].map(([name, own]) => ({ name, entries: own }));
}
