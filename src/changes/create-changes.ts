import type { Clock } from "../domain/clock.ts";
import { isPanopticonError, type PanopticonError } from "../domain/error.ts";
import { createAsk } from "./move/ask-choices.ts";
import { addComment, deleteComment, editComment } from "./change-comment.ts";
import type { Changes, ChangeStore, ChangeSync, ChangeTracker, OutboxEntry } from "./changes.ts";
import { chooseSource } from "./choose-source.ts";
import { closeTwins } from "./outbox/close-twins.ts";
import { createIssue } from "./create/create-issue.ts";
import { editIssue } from "./edit/edit-issue.ts";
import { createInOrder } from "./in-order.ts";
import { namedLabels } from "./words/label-words.ts";
import { describeOperations } from "./outbox/describe-operations.ts";
import type { ResolveRef } from "./relate/parent-change.ts";
import { type Parts, toMaking } from "./parts.ts";
import { toMovable } from "./move/movable.ts";
import { describeMoves } from "./move/possible-moves.ts";
import { checkPatch } from "./edit/read-edit.ts";
import { relateIssues, unrelateIssues } from "./relate/relate-issues.ts";
import { retryOperation } from "./outbox/retry-operation.ts";
import { dropKeptMove, findKeptMoves, sendKeptMove, settleEach } from "./shadow/kept-moves.ts";
import { describeForm } from "./source-form.ts";
import { toContext } from "./source-context.ts";
import { undoChanges } from "./undo/undo-changes.ts";

export type ChangesOptions = {
  readonly store: ChangeStore;
  readonly sync: ChangeSync;
  readonly trackers: readonly ChangeTracker[];
  readonly clock: Clock;
  /** Finds an issue by a written ref. Throws `not_found`, and `conflict` for an ambiguous ref. */
  readonly resolve: ResolveRef;
};

/** The number of issues of a bulk change to process concurrently: trackers that are asked answer at their own pace. */
const atOnce = 8;

/** See `Changes`. */
export function createChanges(options: ChangesOptions): Changes {
  const parts: Parts = { ...options, inOrder: createInOrder() };
  const { store, sync, resolve } = parts;
  const entry = async (id: number): Promise<OutboxEntry> => {
    const operation = await store.outbox.get(id);
    const [described] = await describeOperations([operation], store);
    if (described === undefined) throw new Error("one operation is one entry");
    return described;
  };
  return {
    edit: (issueId, patch, by) => editIssue(parts, issueId, patch, toMaking(by)),
    async bulk(refs, patch, by) {
      checkPatch(patch);
      const making = toMaking(by);
      const distinct = [...new Set(refs)];
      // Placed issues keep the given order: before the neighbour in order, after it in reverse.
      const isAfter = patch.rank !== undefined && "after" in patch.rank;
      const numbered = [...distinct.entries()];
      const waiting = (isAfter ? numbered.toReversed() : numbered).values();
      const results: { readonly ref: string; readonly error: PanopticonError | null }[] = [];
      const workOff = async () => {
        for (const [index, ref] of waiting) results[index] = { ref, error: await editByRef(ref) };
      };
      const editByRef = async (ref: string) => {
        try {
          await editIssue(parts, (await resolve(ref)).id, patch, making);
          return null;
        } catch (error) {
          if (!isPanopticonError(error)) throw error;
          return error;
        }
      };
      await Promise.all(Array.from({ length: patch.rank === undefined ? atOnce : 1 }, workOff));
      return results;
    },
    create: (draft, by) => createIssue(parts, draft, toMaking(by)),
    comment: (issueId, body, by, replyTo) => addComment(parts, issueId, body, toMaking(by), replyTo),
    editComment: (issueId, commentId, body, by) => editComment(parts, issueId, commentId, body, toMaking(by)),
    deleteComment: (issueId, commentId, by) => deleteComment(parts, issueId, commentId, toMaking(by)),
    relate: (issueId, type, otherRef, by) => relateIssues(parts, issueId, type, otherRef, toMaking(by)),
    unrelate: (issueId, relationId, by) => unrelateIssues(parts, issueId, relationId, toMaking(by)),
    undo: (by, what) => undoChanges(parts, by, what),
    async outbox(ids) {
      return describeOperations(await (ids === undefined ? store.outbox.list() : store.outbox.listSome(ids)), store);
    },
    outboxIds: () => store.outbox.listIds(),
    async retry(id, more) {
      await retryOperation(parts, id, more ?? {});
      return entry(id);
    },
    async drop(id) {
      const { settledAt, twins } = await store.outbox.get(id);
      const isWritten = settledAt !== null && twins.length > 0;
      sync.changed(await (isWritten ? store.outbox.keepTwins(id) : store.outbox.drop(id)));
      return entry(id);
    },
    async closeTwins(id, by) {
      await closeTwins(parts, id, toMaking(by));
      return entry(id);
    },
    async resolve(id, choices) {
      sync.changed(await store.outbox.resolve(id, choices));
      return entry(id);
    },
    keptMoves: (choice) => findKeptMoves(parts, choice),
    async sendKept(choice, answer, by) {
      const making = toMaking(by);
      return settleEach(await findKeptMoves(parts, choice), (move) => sendKeptMove(parts, move, answer, making));
    },
    async dropKept(choice, by) {
      const making = toMaking(by);
      return settleEach(await findKeptMoves(parts, choice), (move) => dropKeptMove(parts, move, making));
    },
    async form(source) {
      return describeForm(toContext(chooseSource({ source }, await store.sources.list()), parts));
    },
    async moves(issueId) {
      const issue = await store.outbox.issue(issueId);
      const source = toContext(issue.source, parts);
      const { labels } = await source.vocabulary();
      const { shown, status } = issue;
      const names = namedLabels(shown.labelIds, labels).map(({ name }) => name);
      const placed = toMovable(issue, { type: shown.type, labels: names, status });
      const ask = createAsk(issue, source, { sync, unanswered: new Set() });
      return describeMoves(placed, source, ask);
    },
  };
}
