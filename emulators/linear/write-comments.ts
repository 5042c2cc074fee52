import { argumentError, entityNotFound, forbidden } from "./errors.ts";
import { byUser, type Comment } from "./records.ts";
import type { RequestContext } from "./request-context.ts";
import { commentsOf } from "./seed-comments.ts";
import { changeIssue, type LinearState } from "./state.ts";
import { toStoredMarkdown } from "./stored-markdown.ts";
import { done, findIssue, requireWrite, takeId } from "./write-input.ts";

type CreateInput = {
  readonly id?: string | null;
  readonly issueId?: string | null;
  readonly parentId?: string | null;
  readonly body?: string | null;
};

/** Comments belong to their author: nobody else edits them, and only administrators delete others' comments. */
export function createCommentWrites(state: LinearState) {
  return {
    commentCreate(_: unknown, { input }: { readonly input: CreateInput }, context: RequestContext) {
      requireWrite(context);
      const body = checkBody(input.body);
      if (!input.issueId) throw argumentError("issueId", { isDefined: "issueId should not be empty." });
      const issue = findIssue(state, context, input.issueId);
      const comments = commentsOf(state, issue);
      const parent = input.parentId ? findComment(context, input.parentId) : null;
      if (parent !== null && parent.issue !== issue) throw entityNotFound("Comment");
      const id = takeId(state, input.id, "Comment", (one) => state.comments.has(one));
      const at = state.now();
      const comment: Comment = {
        id,
        createdAt: at,
        updatedAt: at,
        issue,
        ...byUser(context.user),
        parent,
        body,
        editedAt: null,
      };
      // A new comment updates its issue (seen live); an edited one is not known to.
      changeIssue(state, issue, at, () => {
        comments.push(comment);
        state.comments.set(id, comment);
      });
      return { ...done(state), comment };
    },

    commentUpdate(
      _: unknown,
      args: { readonly id: string; readonly input: { readonly body?: string | null }; readonly skipEditedAt?: boolean },
      context: RequestContext,
    ) {
      requireWrite(context);
      const comment = findComment(context, args.id);
      if (comment.user !== context.user)
        throw forbidden("Forbidden: comment update", "You can only edit your own comments.");
      if (args.input.body !== undefined) {
        const at = state.now();
        comment.body = checkBody(args.input.body);
        comment.updatedAt = at;
        if (args.skipEditedAt !== true) comment.editedAt = at;
      }
      return { ...done(state), comment };
    },

    commentDelete(_: unknown, { id }: { readonly id: string }, context: RequestContext) {
      requireWrite(context);
      const comment = findComment(context, id);
      if (comment.user !== context.user && !context.user.admin)
        throw forbidden("Forbidden: comment delete", "You can only delete your own comments.");
      const comments = commentsOf(state, comment.issue);
      comments.splice(comments.indexOf(comment), 1);
      state.comments.delete(id);
      return { ...done(state), entityId: id };
    },
  };

  function findComment(context: RequestContext, id: string): Comment {
    const comment = state.comments.get(id) ?? searchSeeded(id);
    if (comment === undefined || !context.sees(comment.issue.team)) throw entityNotFound("Comment");
    return comment;
  }

  /** Seeded comments are created on first access, so search for one that was not read yet. */
  function searchSeeded(id: string): Comment | undefined {
    for (const issue of state.issues.byCreation.items) {
      const found = commentsOf(state, issue).find((one) => one.id === id);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function checkBody(body: string | null | undefined): string {
  const stored = toStoredMarkdown(body ?? "");
  if (stored === "") throw argumentError("body", { isNotEmpty: "body should not be empty." });
  return stored;
}
