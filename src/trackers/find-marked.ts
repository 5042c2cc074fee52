import type { z } from "zod";
import { parseRecord, refuseUnreadable } from "./http/parse-body.ts";
import { clockSlackMs, onServerClock } from "./server-clock.ts";
import type { OperationMark } from "./tracker.ts";

/** A page of what the caller made, newest first. */
type NewestPage = {
  readonly records: readonly unknown[];
  readonly requestedAt: number;
  /** null where the server tells no time. */
  readonly serverTime: number | null;
};

/**
 * What an operation made, looked for among the caller's newest issues or comments, for trackers that keep the mark in a text. The first page is looked through whatever the
 * clocks say, further ones as far back as the first sending. Newest first, as they come. Throws `invalid_response` where a record that carries the mark cannot be read.
 */
export async function findMarked<Made extends { readonly created_at: number }>(
  /** Asked for only where the operation was sent before. */
  pages: () => AsyncIterable<NewestPage>,
  mark: OperationMark,
  look: {
    readonly tracker: string;
    readonly schema: z.ZodType<Made>;
    /** The caller's own, with this mark. */
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
        // What does not parse is none of ours, unless it has the mark.
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
