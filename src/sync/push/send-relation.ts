import { PanopticonError } from "../../domain/error.ts";
import type { Operation } from "../../store/outbox/outbox.ts";
import type { Outcome, PushContext } from "./push-context.ts";
import { readOther } from "./read-other.ts";
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
    const storeOther = await readOther(context, relation.target);
    await storeOther();
    publish(await outbox.sending.settle(operation.id, { state: "written", answer }));
  } catch (error) {
    return fail(context, operation, error, sent);
  }
  return { kind: "settled" };
}
