import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import { localIdPrefix, type RelationChange } from "../../domain/operation.ts";
import { inverseOf } from "../../domain/inverse-relation.ts";
import type { Operation } from "../../store/outbox/outbox.ts";
import type { UndoableChange, UndoEntry } from "../../store/undo/undo.ts";
import { editIssue } from "../edit/edit-issue.ts";
import type { Making, Parts } from "../parts.ts";
import { findFormerValues } from "./former-values.ts";
import { openSource, requireWritable } from "../source-context.ts";
import { takeBackEdit } from "./take-back-edit.ts";

/**
 * The result of undoing an entry: something was queued (`sent anew`: what its tracker no longer has), an unsent change was dropped, or it was already undone.
 */
export type TakenBack = "queued" | "sent anew" | "dropped" | "already";

type Of<Kind extends UndoableChange["kind"]> = Extract<UndoableChange, { kind: Kind }>;

/** How long to wait for the tracker's answer to what is being sent, in milliseconds. Right after pressing the key is when most users notice a mistake. */
const patienceMs = 5000;

/** The number of an issue's operations to look through, newest first. */
const maxRecent = 200;

/** How often to look whether it has arrived. */
const lookMs = 50;

/**
 * Undoes one change: drops an unsent one, queues the inverse of a written one, waits a moment for one that is being sent. Throws `conflict` for a value that
 * changed since, `unsupported` for what cannot be undone, `busy` for what is still being sent, or whose outcome is unknown.
 */
export async function takeBack(parts: Parts, entry: UndoEntry, making: Making): Promise<TakenBack> {
  const { store, clock } = parts;
  let looksLeft = patienceMs / lookMs;
  for (;;) {
    try {
      return await takeBackOnce(parts, entry, making);
    } catch (error) {
      // The operation about to be dropped was sent, or settled, at that very moment.
      if (error instanceof OvertakenError) continue;
      if (!isPanopticonError(error) || error.code !== "busy" || looksLeft <= 0) throw error;
      const operations = await store.outbox.listOf(entry.issueId, maxRecent);
      if (!operations.some(({ state }) => state === "sending")) throw error;
      looksLeft -= 1;
      await clock.sleep(lookMs);
    }
  }
}

async function takeBackOnce(parts: Parts, entry: UndoEntry, making: Making): Promise<TakenBack> {
  const { store } = parts;
  const operation = entry.operation === null ? null : await store.outbox.get(entry.operation);
  const inverse: Making = {
    ...making,
    author: { ...making.author, undoes: { entry: entry.id, operation: entry.operation } },
  };
  const { change, issueId } = entry;
  switch (change.kind) {
    case "edit":
      return takeBackFields(parts, entry, change, operation, inverse);
    case "create":
      return takeBackCreate(parts, entry, operation, inverse);
    case "comment":
    case "edit_comment":
    case "delete_comment":
      return takeBackComment(parts, entry, change, operation, inverse);
    case "relate":
    case "unrelate":
      return takeBackRelation(parts, entry, change, operation, inverse);
    case "link": {
      const removed = await store.links.removeMade(issueId, change.type, change.otherId, inverse.author);
      if (removed === null) return "already";
      parts.sync.changed({ change: removed });
      return "queued";
    }
    case "rank": {
      const placed = await store.ranks.takeBack(issueId, change, inverse.author);
      if (placed === null) return "already";
      parts.sync.changed({ change: placed });
      return "queued";
    }
    case "unlink": {
      const made = await store.links.add(issueId, change.type, change.otherId, inverse.author);
      parts.sync.changed({ change: made.change });
      return "queued";
    }
  }
}

/** Undoes changed fields; unsent changes of the tracker's own fields are removed from waiting operations. */
async function takeBackFields(
  parts: Parts,
  entry: UndoEntry,
  { fields }: Of<"edit">,
  operation: Operation | null,
  making: Making,
): Promise<TakenBack> {
  const former = await findFormerValues(parts, entry, fields, operation);
  return (await takeBackEdit(parts, entry.issueId, former, making)) ? "queued" : "already";
}

async function takeBackCreate(
  parts: Parts,
  { issueId, ref }: UndoEntry,
  operation: Operation | null,
  making: Making,
): Promise<TakenBack> {
  if (operation !== null && operation.firstSentAt === null && isUnsent(operation)) return drop(parts, operation);
  if (operation !== null && waitsForUser(operation)) return drop(parts, operation);
  const { status, sourceId } = await parts.store.outbox.issue(issueId);
  if (status === "canceled") return "already";
  try {
    await editIssue(parts, issueId, { status: "canceled" }, making);
  } catch (error) {
    if (!(error instanceof PanopticonError) || error.code !== "unsupported") throw error;
    const { tracker } = await openSource(sourceId, parts);
    throw new PanopticonError("unsupported", `${ref} cannot be undone: no state in its source maps to Canceled.`, {
      hint: `Close or delete it in ${tracker.label}.`,
      cause: error,
    });
  }
  return "queued";
}

/** Undoes the creation, an edit or the deletion of a comment: one step, however many the outbox has folded. */
async function takeBackComment(
  parts: Parts,
  { issueId, ref }: UndoEntry,
  change: Of<"comment" | "edit_comment" | "delete_comment">,
  operation: Operation | null,
  { author }: Making,
): Promise<TakenBack> {
  const { store, sync } = parts;
  const queue = async (asked: Parameters<typeof store.outbox.comment>[1]): Promise<TakenBack> => {
    sync.changed(await store.outbox.comment(issueId, asked, author));
    return "queued";
  };
  if (change.kind === "delete_comment") {
    const again = { kind: "comment", commentId: change.commentId, body: change.before } as const;
    if (operation === null || operation.settledAt === null) {
      if (operation !== null) refuseSending(operation, ref);
      return queue(again);
    }
    if (operation.state !== "written") return "already";
    requireWritable(await openSource((await store.outbox.issue(issueId)).sourceId, parts));
    await queue(again);
    return "sent anew";
  }
  if (change.kind === "comment" && operation !== null) {
    if (isUnsent(operation) || waitsForUser(operation)) return drop(parts, operation);
    refuseSending(operation, ref);
  }
  const named = change.kind === "comment" ? (operation?.payload.comment?.id ?? null) : change.commentId;
  const commentId = named === null ? null : await store.outbox.commentId(issueId, named);
  const wanted = commentId === null ? null : await wantedBody(parts, issueId, commentId);
  if (commentId === null || wanted === null) return "already";
  if (change.kind === "comment") {
    const { tracker } = await openSource((await store.outbox.issue(issueId)).sourceId, parts);
    if (!tracker.writing.comments.delete && !commentId.startsWith(localIdPrefix)) {
      throw new PanopticonError("unsupported", `Comments in ${tracker.label} cannot be deleted.`);
    }
    return queue({ kind: "delete_comment", commentId });
  }
  if (wanted === change.before) return "already";
  if (wanted !== change.after) {
    throw new PanopticonError("conflict", `The comment on ${ref} was changed since then.`, {
      hint: "Undo would overwrite that. To overwrite it anyway, edit the comment.",
    });
  }
  return queue({ kind: "edit_comment", commentId, body: change.before });
}

/** The comment's text as wanted by the user: the shown one, or that of the last refused edit; null: it is, or should be, deleted. */
async function wantedBody({ store }: Parts, issueId: number, commentId: string): Promise<string | null> {
  const operations = await store.outbox.listOf(issueId);
  const last = operations.find(
    ({ settledAt, uuid, payload }) =>
      settledAt === null && (payload.comment?.id === commentId || `${localIdPrefix}${uuid}` === commentId),
  );
  if (last?.payload.comment !== undefined) return last.payload.comment.body;
  return (await store.comments.list(issueId)).find(({ id }) => id === commentId)?.body ?? null;
}

function refuseSending({ state }: Operation, ref: string): void {
  if (state !== "sending" && state !== "unknown") return;
  throw new PanopticonError("busy", `The comment on ${ref} is being sent right now.`, {
    hint: "Try again in a moment.",
  });
}

async function takeBackRelation(
  parts: Parts,
  { issueId }: UndoEntry,
  change: Of<"relate" | "unrelate">,
  operation: Operation | null,
  { author }: Making,
): Promise<TakenBack> {
  const { store, sync } = parts;
  if (operation !== null && (isUnsent(operation) || waitsForUser(operation))) return drop(parts, operation);
  const { kind } = change;
  // Prefer the operation's own relation, which is updated when a new issue gets its name.
  const relation = operation?.payload.relation ?? change.relation;
  const { shown, base } = await store.outbox.issue(issueId);
  const known = shown.relations?.find(
    ({ type, targetId }) => type === relation.type && targetId === relation.target.nativeId,
  );
  if (kind === "unrelate") {
    if (known !== undefined) return "already";
    sync.changed(await store.outbox.relate(issueId, { kind: "relate", relation: { ...relation, id: null } }, author));
    return "queued";
  }
  if (shown.relations !== null && known === undefined) return "already";
  if (operation?.payload.wasThere === true) return "already";
  if (operation !== null && (await isMadeByOther(parts, operation, relation, base.nativeId))) return "already";
  const id = known === undefined || known.id.startsWith(localIdPrefix) ? null : known.id;
  sync.changed(await store.outbox.relate(issueId, { kind: "unrelate", relation: { ...relation, id } }, author));
  return "queued";
}

/** Whether an earlier operation on the other issue, which waited in the outbox at the same time, created the same relation; undo then keeps it. */
async function isMadeByOther(
  { store }: Parts,
  { id, tracker, createdAt }: Operation,
  { type, target }: RelationChange,
  nativeId: string,
): Promise<boolean> {
  const turned = inverseOf(type);
  // `duplicates` has no inverse of its own.
  if (inverseOf(turned) !== type) return false;
  const asked = { ...target, prefix: null, tracker, host: null };
  for (const other of await store.board.find(asked)) {
    const operations = await store.outbox.listOf(other.id);
    const isMaker = (one: Operation) =>
      one.kind === "relate" &&
      one.id < id &&
      isOnItsWaySince(one, createdAt) &&
      one.payload.relation?.type === turned &&
      one.payload.relation.target.nativeId === nativeId;
    if (operations.some(isMaker)) return true;
  }
  return false;
}

/** Whether an operation is pending, or was pending at that time and is written now. */
function isOnItsWaySince(operation: Operation, time: number): boolean {
  const { state, settledAt } = operation;
  return settledAt === null ? !waitsForUser(operation) : state === "written" && settledAt >= time;
}

/** An operation changed after it was read. */
class OvertakenError extends Error {}

async function drop({ store, sync }: Parts, { id, state }: Operation): Promise<"dropped"> {
  try {
    sync.changed(await store.outbox.drop(id, "undone"));
    return "dropped";
  } catch (error) {
    if (!isPanopticonError(error) || error.code !== "conflict") throw error;
    if ((await store.outbox.get(id)).state === state) throw error;
    throw new OvertakenError("its operation went on", { cause: error });
  }
}

function isUnsent({ state }: Operation): boolean {
  return state === "queued" || state === "waiting";
}

function waitsForUser({ state }: Operation): boolean {
  return state === "refused" || state === "conflict";
}
