import { z } from "zod";
import type { HttpResponse } from "./http/http-client.ts";
import type { Source } from "./tracker.ts";

/**
 * Update times are the server's, so a run continues from the server's time at the start of the previous one, minus an overlap. That clock can be set back, by an
 * administrator or with a virtual machine; then later changes have earlier times than those already read. So a cursor also says how far the server's clock was
 * ahead of this machine's, and is moved back by as much as that has become less. Such a comparison never moves a cursor forward: a wrong clock of this machine
 * causes more to be read, never less. All times in milliseconds.
 */
export const startFields = {
  /** The server's time at the run's start; null if it does not tell. */
  startedAt: z.number().nullable(),
  /** How far the server's clock was ahead of this machine's then. */
  ahead: z.number().nullish(),
};

type RunStart = z.infer<z.ZodObject<typeof startFields>>;

type Told = Pick<HttpResponse, "requestedAt" | "serverTime">;

/** Where a run reads from: inclusive; null: all. `ahead` belongs to the clock that `since` was taken from. */
type Since = { readonly since: number | null; readonly ahead?: number | null | undefined };

/**
 * How far back to read if both clocks were set back, which does not tell how long ago: nothing is missed unless no run came for so long. It is read once, and what
 * did not change is no news.
 */
const unknownMs = 7 * 24 * 60 * 60 * 1000;

/** A run starts with the first answer that tells the server's time. */
export function startOf({ startedAt, ahead }: RunStart, answer: Told): RunStart {
  if (startedAt !== null || answer.serverTime === null) return { startedAt, ahead };
  return { startedAt: answer.serverTime, ahead: answer.serverTime - answer.requestedAt };
}

/**
 * Where a run has to read from instead, if its first answer shows that the server's clock was set back since the cursor was taken; null if it was not. Less than
 * half the overlap is left to the overlap: clocks of the servers behind one address differ, and answers take time.
 */
export function rewind(
  cursor: Since,
  answer: Told,
  overlapMs: number,
  { historyMs }: Pick<Source, "historyMs">,
): { readonly since: number; readonly ahead: number } | null {
  const { requestedAt, serverTime } = answer;
  if (cursor.since === null || serverTime === null) return null;
  const ahead = serverTime - requestedAt;
  const setBackMs = (cursor.ahead ?? ahead) - ahead;
  const known = cursor.since - (setBackMs > overlapMs / 2 ? setBackMs : 0);
  // If it is still later than the server's time, both clocks were set back, as on one machine.
  const since = serverTime < known ? serverTime - unknownMs : known;
  if (since === cursor.since) return null;
  // Closed issues older than the history are not mirrored.
  const earliest = historyMs === null ? -Infinity : serverTime - historyMs;
  return { since: Math.min(cursor.since, Math.max(since, earliest)), ahead };
}

/** The cursor for the next run. Without the server's time it is the latest record's, which never moves back. */
export function continueFrom(
  { startedAt, ahead, latest }: RunStart & { readonly latest: number | null },
  previous: number | null,
  overlapMs: number,
): { readonly since: number | null; readonly ahead: number | null } {
  if (startedAt !== null) return { since: startedAt - overlapMs, ahead: ahead ?? null };
  if (latest === null) return { since: previous, ahead: null };
  return { since: Math.max(previous ?? -Infinity, latest - overlapMs), ahead: null };
}
