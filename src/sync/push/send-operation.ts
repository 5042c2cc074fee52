import { PanopticonError, toPanopticonError } from "../../domain/error.ts";
import type { Operation } from "../../store/outbox/outbox.ts";
import { toSource } from "../to-source.ts";
import { toReason } from "./judge-error.ts";
import type { Outcome, PushContext, PusherOptions } from "./push-context.ts";
import { sendComment } from "./send-comment.ts";
import { sendCreate } from "./send-create.ts";
import { sendEdit } from "./send-edit.ts";
import { sendRelation } from "./send-relation.ts";

/** A request's deadline; see the HTTP client. */
const deadlineMs = 30_000;

export type Sending = Pick<PusherOptions, "store" | "clock" | "open" | "publish">;

/** How long the effect of a lost request may stay invisible. */
export const lookAfterMs = (open: Sending["open"]): number => deadlineMs + open().writing.lagMs;

/** Sends one operation. Retries later if the connection cannot be opened; refuses if the tracker is read-only. */
export async function sendOperation(options: Sending, operation: Operation, signal: AbortSignal): Promise<Outcome> {
  let context: PushContext;
  try {
    context = await openContext(options, operation, signal);
  } catch (error) {
    if (toPanopticonError(error).code !== "unsupported") return { kind: "later", error };
    const { sending } = options.store.outbox;
    options.publish(await sending.settle(operation.id, { state: "refused", reason: toReason(error) }));
    return { kind: "settled" };
  }
  switch (operation.kind) {
    case "create":
      return sendCreate(context, operation);
    case "edit":
      return sendEdit(context, operation);
    case "relate":
    case "unrelate":
      return sendRelation(context, operation);
    default:
      return sendComment(context, operation);
  }
}

/** Gathers what sending an operation needs. Throws the errors of opening its connection, and `unsupported` for a read-only tracker. */
export async function openContext(
  { store, clock, open, publish }: Sending,
  operation: Operation,
  signal: AbortSignal,
): Promise<PushContext> {
  const { connection } = open();
  const row = await store.sources.get(operation.sourceId);
  const { write } = connection;
  if (write === undefined) {
    throw new PanopticonError("unsupported", "This tracker is read-only for now.", { tracker: row.config.tracker });
  }
  const source = toSource(row);
  return { store, clock, connection, write, row, source, signal, lookAfterMs: lookAfterMs(open), publish };
}
