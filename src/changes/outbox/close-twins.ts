import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import type { Operation } from "../../store/outbox/outbox.ts";
import { deleteComment } from "../change-comment.ts";
import { editIssue } from "../edit/edit-issue.ts";
import type { Making, Parts } from "../parts.ts";

/** Cancels the twin issues, or deletes the twin comments, left by a lost answer; then stops reporting them. */
export async function closeTwins(parts: Parts, id: number, making: Making): Promise<void> {
  const { store, sync } = parts;
  const operation = await store.outbox.get(id);
  for (const twin of operation.twins) {
    if (operation.kind === "comment") await removeComment(parts, operation.issueId, twin, making);
    else await cancelIssue(parts, operation, twin, making);
  }
  sync.changed(await store.outbox.keepTwins(id));
}

async function cancelIssue(parts: Parts, operation: Operation, ref: string, making: Making): Promise<void> {
  const { store, resolve } = parts;
  const issueId = await findTwin(ref, operation, resolve);
  const { status } = await store.outbox.issue(issueId);
  if (status === "canceled" || status === "done") return;
  await editIssue(parts, issueId, { status: "canceled" }, making);
}

async function findTwin(ref: string, { ref: right }: Operation, resolve: Parts["resolve"]): Promise<number> {
  try {
    return (await resolve(ref)).id;
  } catch (error) {
    if (!isPanopticonError(error) || error.code !== "not_found") throw error;
    throw new PanopticonError("busy", `${ref}, the duplicate of ${right}, is not mirrored yet.`, {
      hint: "The next sync will bring it. Sync now, then close it.",
      cause: error,
    });
  }
}

/** Deletes a comment; one that is already gone is fine. */
async function removeComment(parts: Parts, issueId: number, commentId: string, making: Making): Promise<void> {
  try {
    await deleteComment(parts, issueId, commentId, making);
  } catch (error) {
    if (!isPanopticonError(error) || error.code !== "not_found") throw error;
  }
}
