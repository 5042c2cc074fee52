import { isPanopticonError } from "../../domain/error.ts";
import type { DispatchParts } from "./dispatch-parts.ts";

/** A tracker that could not be asked for an issue is asked again after so long. */
const againMs = 15_000;

/** Reads issues anew from their trackers, each only as often as is needed. */
export type FreshReader = {
  /** Reads it, unless that was done within `maxAgeMs` or has just failed. true: it was read now. */
  read(issueId: number, maxAgeMs: number): Promise<boolean>;
  /** Why an issue is left alone: its tracker could not be asked a moment ago. */
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
