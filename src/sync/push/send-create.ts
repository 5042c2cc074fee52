import { isPanopticonError } from "../../domain/error.ts";
import type { NativeIssue } from "../../domain/issue.ts";
import { type FieldChange, localIdPrefix, type NativeDraft } from "../../domain/operation.ts";
import { unsaidOf, unsaidOfFound } from "../../domain/unsaid.ts";
import type { Operation, WrittenAnswer } from "../../store/outbox/outbox.ts";
import type { OperationMark } from "../../trackers/tracker.ts";
import { toNativeEdit } from "./native-edit.ts";
import type { Outcome, PushContext } from "./push-context.ts";
import { fail } from "./send-edit.ts";

/** `requestedAt` of what is in the mirror already. */
const broughtBefore = 0;

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
  publish(await outbox.sending.named(operation.id, made, await findRest(context, draft, made, sent)));
  const issue = await readBase(context, operation);
  if (issue === null) return settleGone(context, operation);
  const twins = new Set(marked.filter(({ nativeId }) => nativeId !== issue.nativeId).map(({ key }) => key));
  // Any of several requests may have been carried out, and be shown late.
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
    : { issue: base, seen: {}, requestedAt: broughtBefore };
}

/** An issue leaves the board before its create is over only if it was made, and somebody has deleted it in the tracker since. */
async function settleGone({ store, publish }: PushContext, operation: Operation): Promise<Outcome> {
  publish(await store.outbox.sending.settle(operation.id, { state: "written" }));
  return { kind: "settled" };
}

/** What the create could not say, or the tracker put elsewhere; of an issue that was only found without what may be somebody's change. */
async function findRest(
  context: PushContext,
  draft: NativeDraft,
  { issue, seen, requestedAt }: WrittenAnswer,
  isOwnAnswer: boolean,
): Promise<readonly FieldChange[]> {
  // It goes on already since the issue got its name.
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

/** Only the tracker knows which of its values mean the same. */
async function isToBeSent(context: PushContext, issue: NativeIssue, change: FieldChange): Promise<boolean> {
  try {
    const steps = await context.write.plan(context.source, issue, await toNativeEdit(context, [change]));
    return steps.length > 0;
  } catch (error) {
    // The edit will be told the same, when its turn comes.
    if (isPanopticonError(error)) return true;
    throw error;
  }
}

/** A parent that was itself only just made has its address now. */
async function withAddresses({ store, row }: PushContext, draft: NativeDraft | undefined): Promise<NativeDraft> {
  if (draft === undefined) throw new Error("a create has a draft");
  if (draft.parent === null) return draft;
  return { ...draft, parent: await store.outbox.sending.address(row.id, draft.parent.nativeId) };
}
