import { PanopticonError } from "../../domain/error.ts";
import { type FieldChange, localIdPrefix, type RelationChange } from "../../domain/operation.ts";
import { inverseOf } from "../../domain/inverse-relation.ts";
import type { Operation } from "../../store/outbox/outbox.ts";
import type { UndoableChange, UndoEntry } from "../../store/undo/undo.ts";
import { editIssue } from "../edit/edit-issue.ts";
import type { Making, Parts } from "../parts.ts";
import { findFormerValues, isSameField } from "./former-values.ts";
import { openSource } from "../source-context.ts";
import { takeBackEdit } from "./take-back-edit.ts";
import { shorten } from "../words/unknown-word.ts";

/** What taking an entry back did: queued something, dropped what was never sent, or found it as it was before. */
export type TakenBack = "queued" | "dropped" | "already";

type Of<Kind extends UndoableChange["kind"]> = Extract<UndoableChange, { kind: Kind }>;

/**
 * Takes one change back: what was never sent is dropped, what was written gets its inverse. Throws `conflict` for a value that changed since, `unsupported` for what
 * cannot be taken back, `busy` for what is being sent just now.
 */
export async function takeBack(parts: Parts, entry: UndoEntry, making: Making): Promise<TakenBack> {
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

/** What waits for the user has its part in the outbox, which goes too. */
async function takeBackFields(
  parts: Parts,
  { issueId }: UndoEntry,
  { fields }: Of<"edit">,
  operation: Operation | null,
  making: Making,
): Promise<TakenBack> {
  const waits = operation?.kind === "edit" && waitsForUser(operation);
  if (waits) await drop(parts, operation);
  // What nobody mirrors was never shown: it goes with its operation.
  const isDropped = (change: FieldChange) =>
    waits && change.field === "custom" && operation.fields.some((one) => isSameField(one, change));
  const rest = fields.filter((change) => !isDropped(change));
  const former = await findFormerValues(parts, issueId, rest, operation);
  if (former.unsent !== null) return drop(parts, former.unsent);
  const isQueued = await takeBackEdit(parts, issueId, former.fields, making);
  return isQueued ? "queued" : waits ? "dropped" : "already";
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
    throw new PanopticonError(
      "unsupported",
      `${ref} cannot be taken back: nothing in its source stands for Canceled.`,
      {
        hint: `Close or delete it in ${tracker.label}.`,
        cause: error,
      },
    );
  }
  return "queued";
}

async function takeBackComment(
  parts: Parts,
  { issueId, ref }: UndoEntry,
  change: Of<"comment" | "edit_comment" | "delete_comment">,
  operation: Operation | null,
  { author }: Making,
): Promise<TakenBack> {
  const { store, sync } = parts;
  const isOwn = operation?.kind === change.kind;
  if (operation !== null && isOwn && (isUnsent(operation) || waitsForUser(operation))) return drop(parts, operation);
  if (operation !== null && (operation.state === "sending" || operation.state === "unknown")) {
    throw new PanopticonError("busy", `The comment on ${ref} is being sent just now.`, {
      hint: "Try again in a moment.",
    });
  }
  if (change.kind === "delete_comment") {
    if (operation !== null) {
      throw new PanopticonError("unsupported", `The comment on ${ref} is deleted for good in its tracker.`, {
        hint: `It said: “${shorten(change.before)}”`,
      });
    }
    // It was never sent: nobody but us knew it.
    const { commentId, before: body } = change;
    sync.changed(await store.outbox.comment(issueId, { kind: "comment", commentId, body }, author));
    return "queued";
  }
  const given = operation?.payload.comment?.id ?? null;
  const known = change.kind === "edit_comment" ? change.commentId : null;
  const commentId = known === null || known.startsWith(localIdPrefix) ? (given ?? known) : known;
  const comment = (await store.comments.list(issueId)).find(({ id }) => id === commentId);
  if (comment === undefined || commentId === null) return "already";
  if (change.kind === "comment") {
    const { tracker } = await openSource((await store.outbox.issue(issueId)).sourceId, parts);
    if (!tracker.writing.comments.delete) {
      throw new PanopticonError("unsupported", `Comments of ${tracker.label} cannot be deleted.`);
    }
    sync.changed(await store.outbox.comment(issueId, { kind: "delete_comment", commentId }, author));
    return "queued";
  }
  if (comment.body === change.before) return "already";
  if (comment.body !== change.after) {
    throw new PanopticonError("conflict", `The comment on ${ref} was changed since.`, {
      hint: "Taking the edit back would overwrite that; edit it by hand if that is meant.",
    });
  }
  sync.changed(await store.outbox.comment(issueId, { kind: "edit_comment", commentId, body: change.before }, author));
  return "queued";
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
  // The operation's own: it follows an issue that was new then.
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

/** Whether the one relation was made by what was asked of the other issue before, and waited in the outbox at the same time: it is not ended with this one. */
async function isMadeByOther(
  { store }: Parts,
  { id, tracker, createdAt }: Operation,
  { type, target }: RelationChange,
  nativeId: string,
): Promise<boolean> {
  const turned = inverseOf(type);
  // That something is its duplicate no issue says itself.
  if (inverseOf(turned) !== type) return false;
  const asked = { ...target, prefix: null, tracker, host: null };
  for (const other of await store.board.find(asked)) {
    const operations = await store.outbox.list({ issueId: other.id });
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

/** Whether an operation is on its way, or was at that time and is written now. */
function isOnItsWaySince(operation: Operation, time: number): boolean {
  const { state, settledAt } = operation;
  return settledAt === null ? !waitsForUser(operation) : state === "written" && settledAt >= time;
}

async function drop({ store, sync }: Parts, operation: Operation): Promise<"dropped"> {
  sync.changed(await store.outbox.drop(operation.id, "undone"));
  return "dropped";
}

function isUnsent({ state }: Operation): boolean {
  return state === "queued" || state === "waiting";
}

function waitsForUser({ state }: Operation): boolean {
  return state === "refused" || state === "conflict";
}
