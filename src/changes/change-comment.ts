import { PanopticonError } from "../domain/error.ts";
import { localIdPrefix } from "../domain/operation.ts";
import { foldName } from "../domain/fold-name.ts";
import { unknownWord } from "./words/unknown-word.ts";
import { nameField } from "./words/name-field.ts";
import type { Making, Parts } from "./parts.ts";
import { requireWritable, type SourceContext, toContext } from "./source-context.ts";
import { readComment } from "./words/text-words.ts";

/** Queues a new comment, in the thread of another one if `replyTo` names that; returns its local id. */
export async function addComment(
  parts: Parts,
  issueId: number,
  written: string,
  { author }: Making,
  replyTo?: string,
): Promise<{ readonly commentId: string }> {
  const { store, sync } = parts;
  return parts.inOrder(issueId, async () => {
    const source = await openCommented(parts, issueId);
    const body = await nameField("body", () => readComment(written, source.tracker));
    const thread =
      replyTo === undefined
        ? {}
        : { replyTo: await nameField("replyTo", () => findThread(parts, issueId, replyTo, source)) };
    const queued = await store.outbox.comment(issueId, { kind: "comment", body, ...thread }, author);
    sync.changed(queued);
    if (queued.operation === null) throw new Error("a new comment is an operation");
    return { commentId: localIdPrefix + (await store.outbox.get(queued.operation)).uuid };
  });
}

/** Queues an edit of a comment; an equal text queues nothing. Accepts its former local id; returns its present id. */
export async function editComment(
  parts: Parts,
  issueId: number,
  writtenId: string,
  written: string,
  { author }: Making,
): Promise<{ readonly commentId: string }> {
  const { store, sync } = parts;
  return parts.inOrder(issueId, async () => {
    const source = await openCommented(parts, issueId);
    const body = await nameField("body", () => readComment(written, source.tracker));
    const commentId = await store.outbox.commentId(issueId, writtenId);
    const before = await getOwn(parts, issueId, commentId, source, "edit");
    if (before !== body) {
      sync.changed(await store.outbox.comment(issueId, { kind: "edit_comment", commentId, body }, author));
    }
    return { commentId };
  });
}

/** Queues the deletion of an own comment. Throws `forbidden` for another person's, `unsupported` if the tracker does not allow it. */
export async function deleteComment(
  parts: Parts,
  issueId: number,
  writtenId: string,
  { author }: Making,
): Promise<void> {
  const { store, sync } = parts;
  await parts.inOrder(issueId, async () => {
    const source = await openCommented(parts, issueId);
    const commentId = await store.outbox.commentId(issueId, writtenId);
    await getOwn(parts, issueId, commentId, source, "delete");
    sync.changed(await store.outbox.comment(issueId, { kind: "delete_comment", commentId }, author));
  });
}

async function openCommented(parts: Parts, issueId: number): Promise<SourceContext> {
  const issue = await parts.store.outbox.issue(issueId);
  const source = toContext(issue.source, parts);
  requireWritable(source);
  if (source.tracker.capabilities.comments) return source;
  throw new PanopticonError("unsupported", `Issues in ${source.tracker.label} have no comments.`);
}

/**
 * The comment that started the thread of the one to reply to, which may itself be a reply. `replyTo`: see `Changes.comment`. Throws `unsupported` if the tracker has
 * no threads, `invalid_input` if there is no such comment.
 */
async function findThread(
  { store }: Parts,
  issueId: number,
  replyTo: string,
  { tracker }: SourceContext,
): Promise<string> {
  if (!tracker.writing.comments.reply) {
    throw new PanopticonError("unsupported", `Comments in ${tracker.label} have no threads.`, {
      hint: "Quote the comment instead: lines that begin with >.",
    });
  }
  const id = await store.outbox.commentId(issueId, replyTo);
  const comments = await store.comments.list(issueId);
  const isBy = (login: string) => foldName(login) === foldName(replyTo);
  const comment =
    comments.find((one) => one.id === id) ?? comments.findLast(({ author }) => author !== null && isBy(author.login));
  if (comment !== undefined) return comment.replyTo ?? comment.id;
  const logins = comments.flatMap(({ author }) => (author === null ? [] : [author.login]));
  throw unknownWord("comment by", replyTo, logins, "this issue", "It may have been deleted in the meantime.");
}

/** The text of a comment that the user may change: an own one, if the tracker allows it. */
async function getOwn(
  { store }: Parts,
  issueId: number,
  commentId: string,
  { tracker }: SourceContext,
  what: "edit" | "delete",
): Promise<string> {
  const comment = (await store.comments.list(issueId)).find(({ id }) => id === commentId);
  if (comment === undefined) {
    throw new PanopticonError("not_found", "Comment not found.", {
      hint: "It may have been deleted in the meantime. Reload the issue.",
    });
  }
  if (!comment.own) {
    throw new PanopticonError("forbidden", `This comment was written by ${comment.author?.login ?? "somebody else"}.`, {
      hint: `You can only ${what} comments written with these credentials.`,
    });
  }
  // An unsent comment can always be changed.
  if (!tracker.writing.comments[what] && !commentId.startsWith(localIdPrefix)) {
    throw new PanopticonError(
      "unsupported",
      `Comments in ${tracker.label} cannot be ${what === "edit" ? "edited" : "deleted"}.`,
    );
  }
  return comment.body;
}
