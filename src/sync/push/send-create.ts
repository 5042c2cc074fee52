import type { NativeIssue } from "../../domain/issue.ts";
import { type FieldChange, isScalarChange, localIdPrefix, type NativeDraft } from "../../domain/operation.ts";
import type { Operation, WrittenAnswer } from "../../store/outbox/outbox.ts";
import type { OperationMark } from "../../trackers/tracker.ts";
import { toChanges, toNativeEdit } from "./native-edit.ts";
import type { Outcome, PushContext } from "./push-context.ts";
import { fail } from "./send-edit.ts";

/** Makes an issue exactly once: what may have been made already is looked for before it is asked for again. */
export async function sendCreate(context: PushContext, operation: Operation): Promise<Outcome> {
  const { store, clock, write, source, row, signal, publish } = context;
  const { outbox } = store;
  const draft = await withAddresses(context, operation.payload.draft);
  const mark: OperationMark = { id: operation.uuid, firstSentAt: operation.firstSentAt };
  let sent = false;
  let made: WrittenAnswer | undefined;
  const twins: string[] = [];
  try {
    const { base } = await outbox.issue(operation.issueId);
    if (!base.nativeId.startsWith(localIdPrefix)) made = { issue: base, seen: {}, requestedAt: 0 };
    if (made === undefined && operation.attempts > 0) {
      const [first, ...others] = await write.findCreated(source, draft, mark, signal);
      made = first;
      twins.push(...others.map(({ issue }) => issue.key));
    }
    if (made === undefined) {
      const lookAt = clock.now() + context.lookAfterMs;
      await outbox.sending.begin(operation, { steps: [{ name: "create" }], lookAt });
      sent = true;
      made = await write.create(source, draft, mark, signal);
      await outbox.sending.stepDone(operation.id, 1);
      // An earlier attempt may have been carried out late.
      if (operation.attempts > 0) {
        const { nativeId } = made.issue;
        const all = await write.findCreated(source, draft, mark, signal);
        twins.push(...all.filter(({ issue }) => issue.nativeId !== nativeId).map(({ issue }) => issue.key));
      }
    }
  } catch (error) {
    if (made === undefined) return fail(context, operation, error, sent);
    // It is made: looking for twins is not worth failing for.
    if (signal.aborted) return { kind: "unknown", error };
  }
  publish(await outbox.sending.named(operation.id, made));
  // Its answer was lost, and it was not to be found: it may be all the same.
  const isRepeated = sent && operation.state === "unknown";
  const rest = await findRest(context, draft, made, !sent);
  publish(
    await outbox.sending.settle(operation.id, {
      state: "written",
      rest,
      twins: twins.map((key) => row.config.refPrefix + key),
      ...(isRepeated && { lookAgainAt: clock.now() + context.lookAfterMs }),
    }),
  );
  return { kind: "settled" };
}

/**
 * What the create could not say, or the tracker put elsewhere: an edit of its own. An issue that was only found has been there for a while: what it has by now
 * may be somebody's change, and is left.
 */
async function findRest(
  context: PushContext,
  draft: NativeDraft,
  { issue }: WrittenAnswer,
  wasFound: boolean,
): Promise<readonly FieldChange[]> {
  const rest: FieldChange[] = [];
  for (const change of toChanges(draft, issue)) {
    if (wasFound && mayBeChanged(change, issue)) continue;
    const steps = await context.write.plan(context.source, issue, await toNativeEdit(context, [change]));
    if (steps.length > 0) rest.push(change);
  }
  return rest;
}

/** Whether a value that differs from the draft may be somebody's: the create said the texts, and what it could not say is empty or a state that is still open. */
function mayBeChanged(change: FieldChange, issue: NativeIssue): boolean {
  if (!isScalarChange(change)) return false;
  if (change.field === "title" || change.field === "body") return true;
  return change.field === "state" ? issue.closedAt !== null : change.from !== null;
}

/** A parent that was itself only just made has its address now. */
async function withAddresses({ store, row }: PushContext, draft: NativeDraft | undefined): Promise<NativeDraft> {
  if (draft === undefined) throw new Error("a create has a draft");
  if (draft.parent === null) return draft;
  return { ...draft, parent: await store.outbox.sending.address(row.id, draft.parent.nativeId) };
}
