import { PanopticonError } from "../../domain/error.ts";
import type { NativeIssue } from "../../domain/issue.ts";
import { type FieldChange, isScalarChange, localIdPrefix } from "../../domain/operation.ts";
import { valueOf } from "../../domain/overlay.ts";
import type { Operation, WrittenAnswer } from "../../store/outbox/outbox.ts";
import type { ReadResult, WriteStep } from "../../trackers/tracker.ts";
import { storeRead } from "../store-read.ts";
import { compareEdit } from "./compare-edit.ts";
import { withFormerValues } from "./former-values.ts";
import { judgeError, toReason } from "./judge-error.ts";
import { toNativeEdit } from "./native-edit.ts";
import type { Outcome, PushContext } from "./push-context.ts";
import { readOther } from "./read-other.ts";

/** Sends an edit: reads the issue, compares, sends the remaining steps, and checks the answer against the request. */
export async function sendEdit(context: PushContext, operation: Operation): Promise<Outcome> {
  const { store, write, source, signal, publish } = context;
  const { outbox } = store;
  let base: NativeIssue;
  let read: Extract<ReadResult, { kind: "issue" }>;
  try {
    ({ base } = await outbox.issue(operation.issueId));
    // From here on, later edits queue behind this one instead of merging into it.
    await outbox.sending.begin(operation, { steps: operation.steps, lookAt: null });
    read = await readIssue(context, base, operation.ref);
  } catch (error) {
    return fail(context, operation, error, false);
  }
  let sent = false;
  let todo: readonly FieldChange[];
  let ignored: readonly FieldChange["field"][];
  let current: WrittenAnswer = read;
  /** The answer to the last write; the read issue is already in the mirror. */
  let written: WrittenAnswer | null = null;
  let storeParents: readonly (() => Promise<void>)[] = [];
  try {
    const compared = await compareEdit(context, operation, read.issue);
    ({ todo } = compared);
    const { open: rest, conflicts, conflicting: fields } = compared;
    if (fields.length > 0) {
      publish(await outbox.sending.settle(operation.id, { state: "conflict", conflicts, fields, rest }));
      return { kind: "settled" };
    }
    const edit = await toNativeEdit(context, todo);
    const steps = await write.plan(source, read.issue, edit);
    if (steps.length > 0) {
      const hasParent = todo.some(({ field }) => field === "parent");
      const parents = hasParent ? await outbox.sending.countingParents(operation.issueId) : [];
      // States where an earlier attempt may have left the issue still count as this operation's own.
      const passed = operation.steps.filter(({ stateAfter }) => stateAfter !== undefined);
      const kept = [...passed, ...steps.map(toKept)];
      const { fields, changedSince } = await withFormerValues(context, operation, read.issue);
      if (changedSince !== null) {
        publish(await outbox.sending.settle(operation.id, { state: "refused", reason: toReason(changedSince) }));
        return { kind: "settled" };
      }
      await outbox.sending.planned(operation.id, kept, fields);
      for (const [index, step] of steps.entries()) {
        sent = true;
        const answer = await write.perform(source, current.issue, step, signal);
        await outbox.sending.stepDone(operation.id, passed.length + index + 1);
        written = answer;
        if (answer !== null) current = answer;
        else if (index === steps.length - 1) current = await readIssue(context, base, operation.ref);
      }
      storeParents = await Promise.all(parents.map((parent) => readOther(context, parent)));
    }
    ignored = await findIgnored(context, todo, current.issue);
  } catch (error) {
    return fail(context, operation, error, sent);
  }
  const answer = written !== null && (await isReadSince(context, operation, written)) ? null : written;
  if (ignored.length === 0) {
    const became = whatBecameOf(operation, todo, current.issue);
    publish(
      await outbox.sending.settle(operation.id, {
        state: "written",
        ...(answer !== null && { answer }),
        ...(became !== undefined && { became }),
      }),
    );
  } else {
    const fields = operation.fields.filter((change) => ignored.includes(change.field));
    const reason = toReason(notTaken(context.row.config.tracker, ignored));
    publish(
      await outbox.sending.settle(operation.id, {
        state: "refused",
        reason,
        fields,
        ...(answer !== null && { answer }),
      }),
    );
  }
  for (const storeParent of storeParents) await storeParent();
  return { kind: "settled" };
}

/** The tracker's formatting of a sent body, if it differs from the sent text; later edits that started from the sent text are compared with it. */
function whatBecameOf({ fields }: Operation, todo: readonly FieldChange[], { body }: NativeIssue): string | undefined {
  const sent = todo.find((change) => change.field === "body");
  return sent !== undefined && fields.includes(sent) && "to" in sent && sent.to !== body ? body : undefined;
}

/** Reads the issue into the mirror. Throws `gone`, or `forbidden` if it cannot be read. */
export async function readIssue(
  { store, connection, source, row, signal, publish }: PushContext,
  issue: Pick<NativeIssue, "nativeId" | "key">,
  ref: string,
): Promise<Extract<ReadResult, { kind: "issue" }>> {
  const read = await connection.read(source, issue.nativeId, issue.key, signal);
  const change = await storeRead(store, row.id, issue.nativeId, read);
  if (change !== null) publish(change);
  if (read.kind === "issue") return read;
  const { tracker } = row.config;
  if (read.kind === "forbidden") {
    throw new PanopticonError("forbidden", `${ref} can no longer be read with these credentials.`, {
      tracker,
      hint: "Ask for access or replace the token, then retry.",
    });
  }
  throw new PanopticonError("gone", `${ref} was ${read.kind === "moved" ? "moved away" : "deleted"} in the tracker.`, {
    tracker,
    hint:
      read.kind === "moved" && read.url !== null
        ? `It now lives at ${read.url}`
        : "The change can no longer be written.",
  });
}

/** Handles a failed attempt: refused, or to be retried. */
export async function fail(
  context: PushContext,
  operation: Operation,
  error: unknown,
  sent: boolean,
): Promise<Outcome> {
  const { store, publish } = context;
  const judgement = judgeError(error, sent);
  if (judgement !== "refused") return { kind: judgement, error };
  // Meanwhile the issue was recognised as one created here; the operation continues with that one.
  if (!sent && (await store.outbox.get(operation.id)).issueId !== operation.issueId) return { kind: "again", error };
  // Some steps may have succeeded before the refusal: reread the issue, but ignore a failure to do so.
  if (sent) await rereadQuietly(context, operation);
  const said = toReason(error);
  // The tracker refused the check for an earlier attempt with a lost answer, not the write.
  const message =
    sent || operation.state !== "unknown"
      ? said.message
      : `It is unknown whether this reached the tracker, and checking was refused: ${said.message}`;
  publish(await store.outbox.sending.settle(operation.id, { state: "refused", reason: { ...said, message } }));
  return { kind: "settled" };
}

async function rereadQuietly(context: PushContext, operation: Operation): Promise<boolean> {
  try {
    const { base } = await context.store.outbox.issue(operation.issueId);
    // An issue that was not created cannot be read, and is not gone because of that.
    if (base.nativeId.startsWith(localIdPrefix)) return false;
    await readIssue(context, base, operation.ref);
    return true;
  } catch (error) {
    // The next poll will update it; the user needs to see the refusal.
    if (context.signal.aborted) throw error;
    return false;
  }
}

/**
 * Whether the mirror has another answer that was requested while this one was in flight, so that their order is unknown. If so, tries to read the issue once
 * more.
 */
async function isReadSince(context: PushContext, operation: Operation, answer: WrittenAnswer): Promise<boolean> {
  const { requestedAt } = await context.store.outbox.issue(operation.issueId);
  return requestedAt > answer.requestedAt && (await rereadQuietly(context, operation));
}

/** Fields that the tracker silently left unchanged (GitHub drops labels without the right to set them). */
async function findIgnored(
  context: PushContext,
  asked: readonly FieldChange[],
  now: NativeIssue,
): Promise<readonly FieldChange["field"][]> {
  const ignored: FieldChange["field"][] = [];
  for (const change of asked) {
    if (change.field === "status" || change.field === "custom") continue;
    // A value that is neither the former nor the requested one was changed by another person since.
    if (isScalarChange(change) && valueOf(now, change.field) !== change.from) continue;
    const left = await context.write.plan(context.source, now, await toNativeEdit(context, [change]));
    if (left.length > 0) ignored.push(change.field);
  }
  return ignored;
}

function notTaken(tracker: string, fields: readonly string[]): PanopticonError {
  return new PanopticonError(
    "forbidden",
    `The tracker accepted the change but left ${fields.join(" and ")} unchanged.`,
    {
      tracker,
      hint: "These credentials may lack permission for that; the tracker does not say so.",
    },
  );
}

function toKept({ name, stateAfter }: WriteStep): Operation["steps"][number] {
  return stateAfter === undefined ? { name } : { name, stateAfter };
}
