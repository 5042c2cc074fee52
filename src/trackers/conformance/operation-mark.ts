import { randomUUID } from "node:crypto";
import type { OperationMark } from "../tracker.ts";

/** The mark of an operation that is sent for the first time. */
export function newMark(): OperationMark {
  return { id: randomUUID(), firstSentAt: null };
}

/** The mark of an operation that was sent before, so that its result is searched for. `at`: when, in milliseconds. */
export function sentMark(at: number = Date.now()): OperationMark {
  return { id: randomUUID(), firstSentAt: at };
}
