import createDebug from "debug";
import { type ErrorCode, type PanopticonError, toPanopticonError } from "../../domain/error.ts";
import type { Operation } from "../../store/outbox/outbox.ts";
import { toReason } from "./judge-error.ts";
import { blinkMs } from "./patience.ts";
import type { Outcome, PusherOptions, RoundParts } from "./push-context.ts";
import { lookAfterMs } from "./send-operation.ts";

const debug = createDebug("sync");

/** The number of consecutive times another change may come first before the operation is refused. */
const maxOvertaken = 5;

/** Failures that every other write would meet too. A record that does not parse holds up no other write. */
const concernsAll: ReadonlySet<ErrorCode> = new Set(["auth", "rate_limited", "unreachable", "timeout"]);

/** Stores the outcome of an unsettled operation: when to retry or look for it, and whether the whole connection waits with it. */
export async function putOff(
  options: PusherOptions & Pick<RoundParts, "patience">,
  operation: Operation,
  outcome: Exclude<Outcome, { kind: "settled" }>,
  signal: AbortSignal,
): Promise<void> {
  const { connection, clock, patience, publish } = options;
  const { sending } = options.store.outbox;
  const error: PanopticonError = toPanopticonError(outcome.error);
  const reason = toReason(error);
  const wasUnknown = operation.state === "unknown";
  debug("%s: operation %d %s: %s", connection, operation.id, outcome.kind, error.message);
  if (outcome.kind === "again") {
    if (patience.overtaken(operation.id) >= maxOvertaken) {
      patience.notOvertaken(operation.id);
      publish(await sending.settle(operation.id, { state: "refused", reason }));
    } else {
      // An operation with a lost answer is still looked for first.
      const state = wasUnknown ? "unknown" : "queued";
      publish(await sending.postpone(operation.id, { state, nextAttemptAt: null, reason: null }));
    }
    return;
  }
  patience.notOvertaken(operation.id);
  const isCreation = operation.kind === "create" || operation.kind === "comment";
  // Only an open connection has sent something to look for.
  const lookAt = () => clock.now() + (isCreation ? lookAfterMs(options.open) : blinkMs);
  if (signal.aborted) {
    // Stopped from outside, not because of an error.
    const isUnknown = outcome.kind === "unknown" || wasUnknown;
    const nextAttemptAt = outcome.kind === "unknown" && isCreation ? lookAt() : null;
    const state = isUnknown ? "unknown" : "queued";
    publish(await sending.postpone(operation.id, { state, nextAttemptAt, reason: null }));
    return;
  }
  const until = patience.retryAt(error);
  if (outcome.kind === "unknown") {
    publish(
      await sending.postpone(operation.id, { state: "unknown", nextAttemptAt: Math.max(until, lookAt()), reason }),
    );
  } else {
    const state = wasUnknown ? "unknown" : "waiting";
    publish(await sending.postpone(operation.id, { state, nextAttemptAt: until, reason }));
  }
  options.onTrouble(error);
  if (outcome.kind === "later" && concernsAll.has(error.code)) {
    patience.hold({ until, reason });
    publish(await sending.hold(connection, until, reason));
  }
}
