import type { Source } from "../tracker.ts";
import type { TimedList, WalkPoint } from "./timed-list.ts";

/** The start of a source's history window at the server's time `nowMs`. */
export function historyStart(list: Pick<TimedList<unknown>, "toSince">, source: Source, nowMs: number): WalkPoint {
  const since = source.historyMs === null ? null : list.toSince(nowMs - source.historyMs);
  return { since, seen: [] };
}
