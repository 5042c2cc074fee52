import { isPanopticonError } from "../../domain/error.ts";
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
  /** What carries the mark, as far as it was asked. */
  const marked: NativeIssue[] = [];
  try {
    const base = await readBase(context, operation);
    if (base === null) return await settleGone(context, operation);
    made = asNamed(base);
    if (made === undefined && operation.attempts > 0) {
      const found = await write.findCreated(source, draft, mark, signal);
      [made] = found;
      marked.push(...found.map(({ issue }) => issue));
    }
    if (made === undefined) {
      const lookAt = clock.now() + context.lookAfterMs;
      await outbox.sending.begin(operation, { steps: [{ name: "create" }], lookAt });
      sent = true;
      made = await write.create(source, draft, mark, signal);
      marked.push(made.issue);
      await outbox.sending.stepDone(operation.id, 1);
      // An earlier attempt may have been carried out late.
      if (operation.attempts > 0) {
        const all = await write.findCreated(source, draft, mark, signal);
        marked.push(...all.map(({ issue }) => issue));
      }
    }
  } catch (error) {
    // A pull may have been faster than the answer, or than the search.
    made ??= asNamed(await readBase(context, operation));
    if (made === undefined) return fail(context, operation, error, sent);
    // It is made: looking for twins is not worth failing for.
    if (signal.aborted) return { kind: "unknown", error };
  }
  publish(await outbox.sending.named(operation.id, made));
  const issue = await readBase(context, operation);
  if (issue === null) return settleGone(context, operation);
  const twins = new Set(marked.filter(({ nativeId }) => nativeId !== issue.nativeId).map(({ key }) => key));
  const isOwnAnswer = sent && made.issue.nativeId === issue.nativeId;
  const rest = await findRest(context, draft, isOwnAnswer ? made.issue : issue, !isOwnAnswer);
  // Any of several requests may have been carried out, and be shown late.
  const isRepeated = sent ? operation.state === "unknown" : operation.attempts > 1;
  publish(
    await outbox.sending.settle(operation.id, {
      state: "written",
      rest,
      twins: [...twins].map((key) => row.config.refPrefix + key),
      ...(isRepeated && { lookAgainAt: clock.now() + context.lookAfterMs }),
    }),
  );
  return { kind: "settled" };
}

/** null: it is gone from the board. */
async function readBase({ store }: PushContext, { issueId }: Operation): Promise<NativeIssue | null> {
  try {
    return (await store.outbox.issue(issueId)).base;
  } catch (error) {
    if (isPanopticonError(error) && error.code === "not_found") return null;
    throw error;
  }
}

/** What an earlier attempt has made, once its answer or a pull brought it. */
function asNamed(base: NativeIssue | null): WrittenAnswer | undefined {
  return base === null || base.nativeId.startsWith(localIdPrefix)
    ? undefined
    : { issue: base, seen: {}, requestedAt: 0 };
}

/** An issue leaves the board before its create is over only if it was made, and somebody has deleted it in the tracker since. */
async function settleGone({ store, publish }: PushContext, operation: Operation): Promise<Outcome> {
  publish(await store.outbox.sending.settle(operation.id, { state: "written" }));
  return { kind: "settled" };
}

/**
 * What the create could not say, or the tracker put elsewhere: an edit of its own. An issue that was only found has been there for a while: what it has by now
 * may be somebody's change, and is left.
 */
async function findRest(
  context: PushContext,
  draft: NativeDraft,
  issue: NativeIssue,
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
