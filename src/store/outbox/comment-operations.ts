import { sql } from "kysely";
import { PanopticonError } from "../../domain/error.ts";
import { localIdPrefix } from "../../domain/operation.ts";
import type { Trx } from "../database/database.ts";
import { writeChanges } from "../mirror/change-set.ts";
import { recordUndo } from "../undo/record-undo.ts";
import type { UndoableChange } from "../undo/undo.ts";
import { indexComments } from "../write-comment.ts";
import { writeOperationHistory } from "./operation-history.ts";
import { readOperations } from "./operation-row.ts";
import { insertOperation, updateOperation } from "./operation-writes.ts";
import type { Author, Operation, OperationPayload, OutboxStore, Queued } from "./outbox.ts";
import { openScene, placeOf, showAnew } from "./scene.ts";

type Asked = Parameters<OutboxStore["comment"]>[1];

/** See `OutboxStore.comment`. Unsent comments, edits and deletions are changed or withdrawn in place. */
export async function queueComment(db: Trx, issueId: number, asked: Asked, author: Author): Promise<Queued> {
  const scene = await openScene(db, issueId);
  const at = db.clock.now();
  const { commentId = null } = asked;
  const unsent =
    asked.kind === "comment" ? await findDeleted(db, issueId, commentId) : await findUnsent(db, issueId, commentId);
  let operation: number | null = null;
  let before: string | null = null;
  const comment = unsent === null ? await toComment(db, issueId, asked) : null;
  if (unsent !== null) {
    before = unsent.payload.comment?.body ?? null;
    operation = await changeUnsent(db, unsent, asked, author.undoes === undefined ? "merged" : "undone", at);
  } else if (comment !== null) {
    ({ before } = comment);
    const payload = { comment };
    operation = await insertOperation(db, { ...placeOf(scene), kind: asked.kind, payload, author, at });
    await writeOperationHistory(
      db,
      {
        issueId,
        ref: scene.row.ref,
        title: scene.row.title,
        actor: author.actor,
        at,
        operationId: operation,
        state: "pending",
      },
      [{ field: comment.replaces === undefined ? words[asked.kind] : "comment sent again", from: null, to: null }],
    );
  }
  await recordUndo(db, {
    author,
    issueId,
    ref: scene.row.ref,
    operation,
    change: toUndoable(asked, before ?? ""),
    at,
  });
  await indexComments(db, scene);
  await showAnew(db, scene);
  const { connectionId, config } = scene.source;
  const change = await writeChanges(db, connectionId, scene.changes);
  return { operation, issueId, connection: config.connection, change };
}

const words = { comment: "comment", edit_comment: "comment edited", delete_comment: "comment deleted" } as const;

function toUndoable({ kind, commentId = "", body = "" }: Asked, before: string): UndoableChange {
  switch (kind) {
    case "comment":
      return { kind };
    case "edit_comment":
      return { kind, commentId, before, after: body };
    case "delete_comment":
      return { kind, commentId, before };
  }
}

/** See `OutboxStore.commentId`. */
export async function findCommentId(db: Trx, issueId: number, id: string): Promise<string> {
  const made = await readOperations(db, sql<boolean>`o.issue_id = ${issueId} and o.kind = 'comment'`);
  let found = id;
  for (;;) {
    const one = made.find(({ uuid, payload }) =>
      found.startsWith(localIdPrefix) ? `${localIdPrefix}${uuid}` === found : payload.comment?.replaces === found,
    );
    const next = one === undefined ? found : (one.payload.comment?.id ?? `${localIdPrefix}${one.uuid}`);
    if (next === found) return found;
    found = next;
  }
}

/** The payload of a new operation; null if the comment to restore exists already. */
async function toComment(
  db: Trx,
  issueId: number,
  asked: Asked,
): Promise<NonNullable<OperationPayload["comment"]> | null> {
  const { kind, commentId, replyTo: thread } = asked;
  const body = asked.body ?? null;
  if (kind !== "comment") {
    if (commentId === undefined) throw new Error("a change of a comment names it");
    const { before, replyTo } = await findComment(db, issueId, commentId);
    return { id: commentId, body, before, ...(replyTo !== null && { replyTo }) };
  }
  if (commentId === undefined)
    return { id: null, body, before: null, ...(thread !== undefined && { replyTo: thread }) };
  const deletion = await findWrittenDeletion(db, issueId, commentId);
  if (deletion === null) return null;
  const { replyTo } = deletion.payload.comment ?? {};
  return { id: null, body, before: null, replaces: commentId, ...(replyTo !== undefined && { replyTo }) };
}

/** The written deletion of a comment, unless the comment was sent again since. */
async function findWrittenDeletion(db: Trx, issueId: number, commentId: string): Promise<Operation | null> {
  const about = await readOperations(
    db,
    sql<boolean>`o.issue_id = ${issueId} and ((o.kind = 'delete_comment' and o.state = 'written') or o.kind = 'comment')`,
  );
  if (about.some(({ payload }) => payload.comment?.replaces === commentId)) return null;
  return about.find(({ kind, payload }) => kind === "delete_comment" && payload.comment?.id === commentId) ?? null;
}

/** A comment's create that was dropped before it was sent, or its unsent deletion. Throws `busy` if that is being sent. */
async function findDeleted(db: Trx, issueId: number, commentId: string | null): Promise<Operation | null> {
  if (commentId === null) return null;
  const gone = await readOperations(
    db,
    sql<boolean>`o.issue_id = ${issueId} and ((o.kind = 'comment' and o.state = 'dropped') or (o.kind = 'delete_comment' and o.settled_at is null))`,
    sql`order by o.id desc`,
  );
  const found = gone.find(({ kind, uuid, payload }) =>
    kind === "comment" ? `${localIdPrefix}${uuid}` === commentId : payload.comment?.id === commentId,
  );
  if (found?.state === "sending" || found?.state === "unknown") throw beingSent();
  return found ?? null;
}

/** The unsent operation that a change of this comment folds into: its create or an earlier edit. */
async function findUnsent(db: Trx, issueId: number, commentId: string | null): Promise<Operation | null> {
  if (commentId === null) return null;
  const operations = await readOperations(
    db,
    sql<boolean>`o.issue_id = ${issueId} and o.kind in ('comment', 'edit_comment') and o.settled_at is null`,
    sql`order by o.id desc`,
  );
  const own = operations.find(
    (operation) =>
      `${localIdPrefix}${operation.uuid}` === commentId ||
      (operation.kind === "edit_comment" && operation.payload.comment?.id === commentId),
  );
  const isLocal = commentId.startsWith(localIdPrefix);
  if (own === undefined) {
    if (!isLocal) return null;
    throw new PanopticonError("not_found", "Comment not found.", {
      hint: "It may have been sent in the meantime. Reload the issue.",
    });
  }
  if (own.state === "sending" || own.state === "unknown") {
    if (!isLocal) return null;
    throw beingSent();
  }
  return own;
}

function beingSent(): PanopticonError {
  return new PanopticonError("busy", "This comment is being sent right now.", { hint: "Try again in a moment." });
}

/** Returns the operation that continues, or null if none does. `end`: the final state of one that is back at its original. */
async function changeUnsent(
  db: Trx,
  operation: Operation,
  asked: Asked,
  end: "merged" | "undone",
  at: number,
): Promise<number | null> {
  const { comment } = operation.payload;
  if (comment === undefined) throw new Error("a comment's operation has a comment");
  if (operation.kind !== "comment" && asked.kind !== "delete_comment" && asked.body === comment.before) {
    await updateOperation(db, operation.id, { state: end, nextAttemptAt: null, reason: null, at });
    return null;
  }
  if (operation.kind === "delete_comment") {
    await sql`update operation set kind = 'edit_comment' where id = ${operation.id}`.execute(db);
  }
  if (asked.kind === "delete_comment" && operation.kind === "comment") {
    await updateOperation(db, operation.id, { state: "dropped", at });
    return null;
  }
  if (asked.kind === "delete_comment") {
    await sql`update operation set kind = 'delete_comment' where id = ${operation.id}`.execute(db);
    await updateOperation(db, operation.id, {
      payload: { comment: { ...comment, body: null } },
      state: "queued",
      reason: null,
      at,
    });
    return operation.id;
  }
  await updateOperation(db, operation.id, {
    payload: { comment: { ...comment, body: asked.body ?? null } },
    state: "queued",
    nextAttemptAt: null,
    reason: null,
    at,
  });
  return operation.id;
}

/** A comment's text, including an edit being sent, and its thread. Throws `not_found`. */
async function findComment(
  db: Trx,
  issueId: number,
  commentId: string,
): Promise<{ readonly before: string; readonly replyTo: string | null }> {
  const [sending] = await readOperations(
    db,
    sql<boolean>`o.issue_id = ${issueId} and o.kind in ('comment', 'edit_comment') and o.settled_at is null and o.state in ('sending', 'unknown')`,
    sql`order by o.id desc`,
  ).then((operations) => operations.filter(({ payload }) => payload.comment?.id === commentId));
  const { rows } = await sql<{ body: string; reply_to: string | null }>`
    select body, reply_to from comment where issue_id = ${issueId} and native_id = ${commentId}`.execute(db);
  const [row] = rows;
  const before = sending?.payload.comment?.body ?? row?.body;
  if (before !== undefined) return { before, replyTo: row?.reply_to ?? null };
  throw new PanopticonError("not_found", "Comment not found.", {
    hint: "It may have been deleted in the tracker. Reload the issue.",
  });
}
