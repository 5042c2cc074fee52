import { isPanopticonError } from "../../domain/error.ts";
import type { DispatchParts } from "./dispatch-parts.ts";

/** When a tracker is asked again after a failure. */
const againMs = 15_000;

/** Reads issues again from their trackers, each only as often as necessary. */
export type FreshReader = {
  /** Reads it, unless it was read within `maxAgeMs` or has just failed. Returns true if it was read now. */
  read(issueId: number, maxAgeMs: number): Promise<boolean>;
  /** Why an issue is left alone: its tracker was not available a moment ago. */
  whyNot(issueId: number): string | null;
  forget(issueId: number): void;
};

export function createFreshReader({ clock, reread }: Pick<DispatchParts, "clock" | "reread">): FreshReader {
  const readAt = new Map<number, number>();
  const failed = new Map<number, { readonly at: number; readonly why: string }>();
  return {
    async read(issueId, maxAgeMs) {
      const now = clock.now();
      const lastFailure = failed.get(issueId);
      if (lastFailure !== undefined && now - lastFailure.at < againMs) return false;
      if (now - (readAt.get(issueId) ?? -Infinity) < maxAgeMs) return false;
      try {
        await reread(issueId);
        readAt.set(issueId, clock.now());
        failed.delete(issueId);
        return true;
      } catch (error) {
        const isTimeout = error instanceof DOMException;
        if (!isPanopticonError(error) && !isTimeout) throw error;
        const why = isTimeout ? "it does not answer in time" : error.message;
        failed.set(issueId, { at: clock.now(), why: `its tracker cannot be read: ${why}` });
        return false;
      }
    },
    whyNot(issueId) {
      const last = failed.get(issueId);
      return last !== undefined && clock.now() - last.at < againMs ? last.why : null;
    },
    forget(issueId) {
      readAt.delete(issueId);
      failed.delete(issueId);
    },
  };
}
