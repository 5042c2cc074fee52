import type { IssueDraft } from "../../../src/server/contract/change.ts";
import { readDraft, writeDraft } from "../editor/drafts.ts";

/** Where what was sent of the draft is kept until it is answered. */
export const sentId = "sent new issue";

/** The server knows a key for a day. */
const keyLifetimeMs = 23 * 3_600_000;

/** A new issue that was sent and not answered: it may have been created. */
export type SentDraft = {
  /** The idempotency key of all attempts. */
  readonly key: string;
  /** When the first attempt was made, in milliseconds. */
  readonly at: number;
  /** What was sent under the key, latest first. At most one of these was created. */
  readonly drafts: readonly IssueDraft[];
};

/** Parses what is kept; null if there is nothing. */
export function parseSent(kept: string | null): SentDraft | null {
  try {
    const sent: unknown = JSON.parse(kept ?? "null");
    if (typeof sent !== "object" || sent === null || !("key" in sent && "at" in sent && "drafts" in sent)) return null;
    const { key, at, drafts } = sent;
    return typeof key === "string" && typeof at === "number" && Array.isArray(drafts) ? { key, at, drafts } : null;
  } catch {
    return null;
  }
}

/** Whether sending the draft again creates no second issue. */
export function isRepeatable({ at }: SentDraft, now = Date.now()): boolean {
  return now - at < keyLifetimeMs;
}

/** Keeps a draft that is about to be sent. Returns the key for it, and what was sent under that key before: latest first, and without this one. */
export function keepSent(draft: IssueDraft) {
  const kept = parseSent(readDraft(sentId));
  const before = kept !== null && isRepeatable(kept) ? kept : null;
  const others = before?.drafts.filter((other) => JSON.stringify(other) !== JSON.stringify(draft)) ?? [];
  const sent: SentDraft = {
    key: before?.key ?? crypto.randomUUID(),
    at: before?.at ?? Date.now(),
    drafts: [draft, ...others],
  };
  writeDraft(sentId, JSON.stringify(sent));
  return { key: sent.key, others, isFirst: before === null };
}

/** Forgets what was sent under a key that is answered. */
export function forgetSent(key: string): void {
  if (parseSent(readDraft(sentId))?.key === key) writeDraft(sentId, null);
}
