import { PanopticonError } from "../../domain/error.ts";
import type { Operation } from "../../store/outbox/outbox.ts";
import { storeRead } from "../store-read.ts";
import { toSource } from "../to-source.ts";
import type { Outcome, PushContext } from "./push-context.ts";
import { fail, readIssue } from "./send-edit.ts";

/** Creates or removes a relation. Idempotent: an existing relation counts as created, a missing one as removed. */
export async function sendRelation(context: PushContext, operation: Operation): Promise<Outcome> {
  const { store, write, source, row, signal, publish } = context;
  const { outbox } = store;
  let sent = false;
  try {
    const { relation } = operation.payload;
    if (relation === undefined) throw new PanopticonError("internal", "A change of a relation names none.");
    const { base } = await outbox.issue(operation.issueId);
    const issue = { nativeId: base.nativeId, key: base.key, sourceKey: row.config.key };
    await outbox.sending.begin(operation, { steps: [{ name: operation.kind }], lookAt: null });
    sent = true;
    await (operation.kind === "relate"
      ? write.relate(source, issue, relation, signal)
      : write.unrelate(source, issue, relation, signal));
    const answer = await readIssue(context, base, operation.ref);
    // First, so that the other issue shows the relation without a gap when it is no longer pending.
    await readOther(context, operation);
    publish(await outbox.sending.settle(operation.id, { state: "written", answer }));
  } catch (error) {
    return fail(context, operation, error, sent);
  }
  return { kind: "settled" };
}

/** Rereads the other issue, which has changed too, often without a new update time. */
async function readOther(
  { store, connection, row, signal, publish }: PushContext,
  operation: Operation,
): Promise<void> {
  const target = operation.payload.relation?.target;
  const home = (await store.sources.list()).find(
    ({ config }) => config.connection === row.config.connection && config.key === target?.sourceKey,
  );
  if (target === undefined || home === undefined) return;
  try {
    const read = await connection.read(toSource(home), target.nativeId, target.key, signal);
    const change = await storeRead(store, home.id, target.nativeId, read);
    if (change !== null) publish(change);
  } catch (error) {
    // The relation is written; the other issue is updated with its next read.
    if (signal.aborted) throw error;
  }
}
