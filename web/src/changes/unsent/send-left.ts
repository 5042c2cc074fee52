import type { IssueShape } from "../../../../src/server/contract/issue.ts";
import type { ChangeCall } from "../../api/change-calls.ts";
import { ApiError, toApiError } from "../../api/client.ts";
import { formatFull } from "../../ui/time.ts";
import { isNothingLeft } from "../send-again.ts";
import { isOvertaken } from "./edit-call.ts";
import { forgetUnsent, pageOf, readUnsent, type UnsentCall, type UnsentChange, unsentPages } from "./unsent.ts";

/** Older changes are not sent by themselves: the user may have thought of something else, and the server no longer knows the idempotency keys. */
const sentMs = 23 * 3_600_000;

type LeftParts = {
  readonly locks: LockManager;
  readonly change: (call: ChangeCall, step: string | null) => Promise<unknown>;
  readonly read: (address: string) => Promise<IssueShape>;
  /** Resolves when retrying an unreachable server makes sense. */
  readonly untilReachable: () => Promise<void>;
  readonly onSent: (change: UnsentChange) => void;
  /** A change, or part of it, was not made; `calls` are those that were not. */
  readonly onFailure: (change: UnsentChange, calls: readonly UnsentCall[], error: ApiError) => void;
};

function lockOf(page: string): string {
  return `panopticon.page.${page}`;
}

/** Tells other pages, as long as this one is open, that it sends its changes itself. */
export function holdPage(page: string, locks: LockManager): void {
  locks.request(lockOf(page), () => new Promise(() => undefined)).catch(() => undefined);
}

/**
 * Sends what closed pages have left unsent: now, and when another page closes. A page is closed when its lock is free, whether it was left or has crashed, and
 * whoever gets the lock sends. Returns a function that stops listening.
 */
export function sendLeft(own: string, parts: LeftParts): () => void {
  const asked = new Set([own]);
  const ask = (page: string) => {
    if (asked.has(page)) return;
    asked.add(page);
    parts.locks
      .request(lockOf(page), () => sendAll(page, parts))
      .catch(() => undefined)
      .finally(() => asked.delete(page));
  };
  const onStorage = ({ key, newValue }: StorageEvent) => {
    const page = newValue === null ? null : pageOf(key);
    if (page !== null) ask(page);
  };
  addEventListener("storage", onStorage);
  for (const page of unsentPages()) ask(page);
  return () => removeEventListener("storage", onStorage);
}

async function sendAll(page: string, parts: LeftParts): Promise<void> {
  for (const change of readUnsent(page)) {
    // Without a sign-in they stay for later.
    if (!(await sendChange(change, parts))) return;
    forgetUnsent(page, change.step);
  }
}

/** Sends a change, and tells what became of it; false: not now. */
async function sendChange(change: UnsentChange, parts: LeftParts): Promise<boolean> {
  let last: ApiError | null = null;
  const failed: UnsentCall[] = [];
  for (const call of change.calls) {
    try {
      await sendCall(change, call, parts);
    } catch (thrown) {
      const error = toApiError(thrown);
      if (error.status === 401) return false;
      // What never arrived needs no undo.
      if (change.isUndo && isNothingLeft(error)) continue;
      failed.push(call);
      last = error;
    }
  }
  if (last !== null) parts.onFailure(change, failed, last);
  if (failed.length < change.calls.length) parts.onSent(change);
  return true;
}

async function sendCall({ step, at, isUndo }: UnsentChange, call: UnsentCall, parts: LeftParts): Promise<void> {
  for (;;) {
    try {
      if (Date.now() - at > sentMs) throw notSent(`It was made at ${formatFull(new Date(at).toISOString())}.`);
      if (call.expects !== undefined && isOvertaken(call, await parts.read(call.expects.address))) {
        throw notSent("The issue has been changed since.");
      }
      await parts.change(call, isUndo ? null : step);
      return;
    } catch (thrown) {
      const error = toApiError(thrown);
      if (error.code === "server_unreachable") await parts.untilReachable();
      else if (call.method === "DELETE" && isNothingLeft(error)) return;
      else throw error;
    }
  }
}

function notSent(why: string): ApiError {
  return new ApiError("conflict", 409, `Its page was closed before the server was back. ${why}`, {
    hint: "Make the change again if you still want it.",
  });
}
