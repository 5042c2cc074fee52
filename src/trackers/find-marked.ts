import type { z } from "zod";
import { parseRecord, refuseUnreadable } from "./http/parse-body.ts";
import { clockSlackMs, onServerClock } from "./server-clock.ts";
import type { OperationMark } from "./tracker.ts";

/** A page of the caller's own records, newest first. */
type NewestPage = {
  readonly records: readonly unknown[];
  readonly requestedAt: number;
  /** null if the server does not tell. */
  readonly serverTime: number | null;
};

/**
 * Finds what an operation created among the caller's newest issues or comments, for trackers that keep the mark in a text. Always searches the first page,
 * whatever the clocks say, and further pages back to the first attempt. Returns the newest first. Throws `invalid_response` if a record with the mark cannot be
 * parsed.
 */
export async function findMarked<Made extends { readonly created_at: number }>(
  /** Called only if the operation was sent before. */
  pages: () => AsyncIterable<NewestPage>,
  mark: OperationMark,
  look: {
    readonly tracker: string;
    readonly schema: z.ZodType<Made>;
    /** Whether the caller created it with this mark. */
    readonly isMade: (record: Made) => boolean;
  },
): Promise<{ readonly made: Made; readonly requestedAt: number }[]> {
  if (mark.firstSentAt === null) return [];
  const found: { readonly made: Made; readonly requestedAt: number }[] = [];
  for await (const { records, requestedAt, serverTime } of pages()) {
    const since = onServerClock(mark.firstSentAt, { requestedAt, serverTime }) - clockSlackMs;
    let isBefore = false;
    for (const raw of records) {
      const record = parseRecord(look.schema, raw, () => null);
      if (!record.ok) {
        // An unparsable record is irrelevant, unless it has the mark.
        refuseUnreadable(raw, mark, look.tracker);
        continue;
      }
      isBefore ||= record.value.created_at < since;
      if (look.isMade(record.value)) found.push({ made: record.value, requestedAt });
    }
    if (isBefore) break;
  }
  return found;
}
