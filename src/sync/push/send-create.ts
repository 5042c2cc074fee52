import { isPanopticonError } from "../../domain/error.ts";
import type { NativeIssue } from "../../domain/issue.ts";
import { type FieldChange, localIdPrefix, type NativeDraft } from "../../domain/operation.ts";
import { unsaidOf, unsaidOfFound } from "../../domain/unsaid.ts";
import type { Operation, WrittenAnswer } from "../../store/outbox/outbox.ts";
import type { OperationMark } from "../../trackers/tracker.ts";
import { toNativeEdit } from "./native-edit.ts";
import type { Outcome, PushContext } from "./push-context.ts";
import { fail } from "./send-edit.ts";

/** The `requestedAt` of an issue that is already in the mirror. */
const broughtBefore = 0;

/** Creates an issue exactly once: looks for the result of an earlier attempt before sending again. */
export async function sendCreate(context: PushContext, operation: Operation): Promise<Outcome> {
  const { store, clock, write, source, row, signal, publish } = context;
  const { outbox } = store;
  const draft = await withAddresses(context, operation.payload.draft);
  const mark: OperationMark = { id: operation.uuid, firstSentAt: operation.firstSentAt };
  let sent = false;
  let made: WrittenAnswer | undefined;
  /** The issues known to carry the mark. */
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
      // An earlier attempt may have taken effect late.
      if (operation.attempts > 0) {
        const all = await write.findCreated(source, draft, mark, signal);
        marked.push(...all.map(({ issue }) => issue));
      }
    }
  } catch (error) {
    // A pull may have brought the issue before the answer, or the search, did.
    made ??= asNamed(await readBase(context, operation));
    if (made === undefined) return fail(context, operation, error, sent);
    // The issue exists: a failed search for twins must not fail the create.
    if (signal.aborted) return { kind: "unknown", error };
  }
  publish(await outbox.sending.named(operation.id, made, await findRest(context, draft, made, sent)));
  const issue = await readBase(context, operation);
  if (issue === null) return settleGone(context, operation);
  const twins = new Set(marked.filter(({ nativeId }) => nativeId !== issue.nativeId).map(({ key }) => key));
  // Any of several requests may have taken effect, and may become visible late.
  const isRepeated = sent ? operation.state === "unknown" : operation.attempts > 1;
  publish(
    await outbox.sending.settle(operation.id, {
      state: "written",
      twins: [...twins].map((key) => row.config.refPrefix + key),
      ...(isRepeated && { lookAgainAt: clock.now() + context.lookAfterMs }),
    }),
  );
  return { kind: "settled" };
}

/** Returns null if the issue has left the board. */
async function readBase({ store }: PushContext, { issueId }: Operation): Promise<NativeIssue | null> {
  try {
    return (await store.outbox.issue(issueId)).base;
  } catch (error) {
    if (isPanopticonError(error) && error.code === "not_found") return null;
    throw error;
  }
}

/** The issue created by an earlier attempt, once its answer or a pull brought it. */
function asNamed(base: NativeIssue | null): WrittenAnswer | undefined {
  return base === null || base.nativeId.startsWith(localIdPrefix)
    ? undefined
    : { issue: base, seen: {}, requestedAt: broughtBefore };
}

/** An issue leaves the board before its create is settled only if it was created and then deleted in the tracker. */
async function settleGone({ store, publish }: PushContext, operation: Operation): Promise<Outcome> {
  publish(await store.outbox.sending.settle(operation.id, { state: "written" }));
  return { kind: "settled" };
}

/** What the create could not set, or the tracker set differently. For an issue that was only found, leaves out possible changes by others. */
async function findRest(
  context: PushContext,
  draft: NativeDraft,
  { issue, seen, requestedAt }: WrittenAnswer,
  isOwnAnswer: boolean,
): Promise<readonly FieldChange[]> {
  // The rest was queued when the issue was recognised.
  if (requestedAt === broughtBefore) return [];
  const { labels } = await context.store.sources.vocabulary(context.row.id);
  const names = [...labels, ...(seen.labels ?? [])]
    .filter(({ id }) => issue.labelIds.includes(id))
    .map(({ name }) => name);
  const rest: FieldChange[] = [];
  for (const change of (isOwnAnswer ? unsaidOf : unsaidOfFound)(draft, issue, names)) {
    if (await isToBeSent(context, issue, change)) rest.push(change);
  }
  return rest;
}

/** Whether a change needs to be sent. Only the tracker knows which of its values are equivalent. */
async function isToBeSent(context: PushContext, issue: NativeIssue, change: FieldChange): Promise<boolean> {
  try {
    const steps = await context.write.plan(context.source, issue, await toNativeEdit(context, [change]));
    return steps.length > 0;
  } catch (error) {
    // The edit itself will get the same error when it is sent.
    if (isPanopticonError(error)) return true;
    throw error;
  }
}

/** Replaces the local id of a parent that was itself just created by its address in the tracker. */
async function withAddresses({ store, row }: PushContext, draft: NativeDraft | undefined): Promise<NativeDraft> {
  if (draft === undefined) throw new Error("a create has a draft");
  if (draft.parent === null) return draft;
  return { ...draft, parent: await store.outbox.sending.address(row.id, draft.parent.nativeId) };
}
