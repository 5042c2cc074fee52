import { toPanopticonError } from "../../domain/error.ts";
import type { NativeIssue } from "../../domain/issue.ts";
import { statusOf } from "../../domain/mapping.ts";
import {
  type FieldChange,
  type FieldValue,
  isScalarChange,
  isSetChange,
  type ScalarChange,
  type StatusChange,
} from "../../domain/operation.ts";
import { valueOf } from "../../domain/overlay.ts";
import type { Operation } from "../../store/outbox/outbox.ts";
import { mergeText } from "./merge-text.ts";
import { toNativeEdit } from "./native-edit.ts";
import type { PushContext } from "./push-context.ts";

/** The number of own writes to search for the origin of a text. */
const maxRecent = 50;

/** The result of comparing an edit with the issue as just read. */
export type Comparison = {
  /** The changes still to send. */
  readonly todo: readonly FieldChange[];
  /** The operation's fields behind `todo`, which contains a merged text in place of the user's text. */
  readonly open: readonly FieldChange[];
  readonly conflicts: Operation["conflicts"];
  /** The operation's fields that are in conflict. */
  readonly conflicting: readonly FieldChange[];
};

/**
 * Compares an edit with the present issue. A remote value that is neither `from` nor `to`, nor a state that the operation itself passes through, is a conflict.
 */
export async function compareEdit(
  context: PushContext,
  operation: Pick<Operation, "issueId" | "fields" | "steps" | "attempts">,
  current: NativeIssue,
): Promise<Comparison> {
  const move = await compareMove(context, operation, current);
  const todo: FieldChange[] = [];
  const open: FieldChange[] = [];
  const conflicts: Operation["conflicts"][number][] = [];
  const conflicting: FieldChange[] = [];
  for (const change of operation.fields) {
    const fate =
      isPartOfMove(change, operation.fields) && move !== null
        ? move
        : await compareField(context, operation, change, current);
    if (fate.kind === "done") continue;
    if (fate.kind === "conflict") {
      conflicting.push(change);
      const field = isPartOfMove(change, operation.fields) ? "status" : change.field;
      if (!conflicts.some((known) => known.field === field)) conflicts.push({ field, theirs: fate.theirs });
      continue;
    }
    open.push(change);
    todo.push(fate.kind === "merged" && isScalarChange(change) ? { ...change, to: fate.text } : change);
  }
  return { todo, open, conflicts, conflicting };
}

type Fate =
  | { readonly kind: "send" }
  | { readonly kind: "merged"; readonly text: string }
  | { readonly kind: "done" }
  | { readonly kind: "conflict"; readonly theirs: string | number | null };

const send: Fate = { kind: "send" };
const done: Fate = { kind: "done" };

/** The state and labels that implement a move share its fate. */
function isPartOfMove(change: FieldChange, all: readonly FieldChange[]): boolean {
  if (change.field === "status") return true;
  return all.some(({ field }) => field === "status") && (change.field === "state" || change.field === "labels");
}

async function compareMove(
  context: PushContext,
  { fields, steps }: Pick<Operation, "fields" | "steps">,
  current: NativeIssue,
): Promise<Fate | null> {
  const status = fields.find((change): change is StatusChange => change.field === "status");
  if (status === undefined) return null;
  const state = fields.find((change) => change.field === "state");
  const wanted = state !== undefined && isScalarChange(state) ? state : null;
  const stateId = current.stateId;
  // Half way: this operation itself left the issue there.
  if (steps.some(({ stateAfter }) => stateAfter !== undefined && stateAfter === stateId)) return send;
  const present = await statusNow(context, current);
  const isThere = present === status.to;
  // Remaining labels of the old status are removed in any case: the operation may have been interrupted between adding and removing.
  if (wanted === null) return isThere || present === status.from ? send : conflictOf(present);
  if (stateId === wanted.to) return isThere || present === status.from ? send : conflictOf(present);
  if (isThere) return done;
  return stateId === wanted.from && present === status.from ? send : conflictOf(present);
}

function conflictOf(theirs: string | number | null): Fate {
  return { kind: "conflict", theirs };
}

async function statusNow({ row, store }: PushContext, issue: NativeIssue): Promise<string | null> {
  const { labels } = await store.sources.vocabulary(row.id);
  const names = new Map(labels.map(({ id, name }) => [id, name]));
  if (row.mapping === null) return null;
  return statusOf(row.mapping, { stateId: issue.stateId, labels: issue.labelIds.map((id) => names.get(id) ?? id) });
}

async function compareField(
  context: PushContext,
  { attempts, issueId }: Pick<Operation, "attempts" | "issueId">,
  change: FieldChange,
  current: NativeIssue,
): Promise<Fate> {
  // Sets do not conflict, and the value of a tracker's own field is unknown: the plan leaves out what is already so.
  if (isSetChange(change) || !isScalarChange(change)) return send;
  const present = valueOf(current, change.field);
  if (present === change.to) return done;
  if (present === change.from) return send;
  if (await meansTheSame(context, change, current)) return done;
  if (change.field === "body") {
    // After a lost answer, the tracker may have formatted the sent body in a way that no plan has met before.
    const isSent = attempts > 0 && (await context.write.sameText?.(String(change.to ?? ""), String(present ?? "")));
    if (isSent === true) return done;
    if (await isOwn(context, issueId, change, present)) return send;
    const text = mergeText(String(change.from ?? ""), String(change.to ?? ""), String(present ?? ""));
    if (text !== null) return text === present ? done : { kind: "merged", text };
  }
  return conflictOf(present);
}

/**
 * Whether the requested value is equivalent to the present one. Only the tracker knows that (a body in its own format). A value that it would not accept now is
 * not equivalent.
 */
async function meansTheSame(context: PushContext, change: ScalarChange, current: NativeIssue): Promise<boolean> {
  try {
    const rest = await context.write.plan(context.source, current, await toNativeEdit(context, [change]));
    return rest.length === 0;
  } catch (error) {
    if (["choice_needed", "invalid_input", "unsupported"].includes(toPanopticonError(error).code)) return false;
    throw error;
  }
}

/** Whether the present body is the tracker's formatting of the body that the edit started from, which was written from here. */
async function isOwn(
  { store }: PushContext,
  issueId: number,
  { from }: ScalarChange,
  present: FieldValue,
): Promise<boolean> {
  const operations = await store.outbox.listOf(issueId, maxRecent);
  return operations.some(
    ({ fields, payload }) =>
      payload.became === present && fields.some((change) => change.field === "body" && change.to === from),
  );
}
