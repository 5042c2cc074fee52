import { PanopticonError } from "../../domain/error.ts";
import { type IssueAddress, localIdPrefix } from "../../domain/operation.ts";
import type { Operation } from "../../store/outbox/outbox.ts";
import type { OperationMark } from "../../trackers/tracker.ts";
import type { Outcome, PushContext } from "./push-context.ts";
import { fail } from "./send-edit.ts";

/** Creates, edits or deletes a comment. A new one is created exactly once, like an issue; edits and deletions are idempotent. */
export async function sendComment(context: PushContext, operation: Operation): Promise<Outcome> {
  const { store, clock, publish } = context;
  const { outbox } = store;
  let sent = false;
  try {
    const { base } = await outbox.issue(operation.issueId);
    const issue = { nativeId: base.nativeId, key: base.key, sourceKey: context.row.config.key };
    const found = operation.kind === "comment" && operation.attempts > 0 ? await find(context, operation, issue) : [];
    const [first, ...others] = found;
    if (first !== undefined) {
      const twins = others.map(({ comment }) => comment.id);
      // Each of several requests may have succeeded, and appear late.
      const isRepeated = operation.attempts > 1;
      publish(
        await outbox.sending.settle(operation.id, {
          state: "written",
          comment: first,
          twins,
          ...(isRepeated && { lookAgainAt: clock.now() + context.lookAfterMs }),
        }),
      );
      return { kind: "settled" };
    }
    const lookAt = operation.kind === "comment" ? clock.now() + context.lookAfterMs : null;
    await outbox.sending.begin(operation, { steps: [{ name: operation.kind }], lookAt });
    sent = true;
    const written = await write(context, operation, issue);
    const isRepeated = operation.kind === "comment" && operation.state === "unknown";
    publish(
      await outbox.sending.settle(operation.id, {
        state: "written",
        comment: written,
        ...(isRepeated && { lookAgainAt: clock.now() + context.lookAfterMs }),
      }),
    );
    return { kind: "settled" };
  } catch (error) {
    return fail(context, operation, error, sent);
  }
}

function markOf({ uuid, firstSentAt }: Operation): OperationMark {
  return { id: uuid, firstSentAt };
}

function find({ write, source, signal }: PushContext, operation: Operation, issue: IssueAddress) {
  return write.findComments(source, issue, operation.payload.comment?.body ?? "", markOf(operation), signal);
}

async function write(context: PushContext, operation: Operation, issue: IssueAddress) {
  const { write: writer, source, signal } = context;
  const { id = null, body = null } = operation.payload.comment ?? {};
  if (operation.kind === "comment") {
    return writer.comment(source, issue, body ?? "", markOf(operation), signal, await threadOf(context, operation));
  }
  if (id === null) throw new PanopticonError("internal", "A change of a comment names no comment.");
  if (operation.kind === "edit_comment") return writer.editComment(source, issue, id, body ?? "", signal);
  await writer.deleteComment(source, issue, id, signal);
  return null;
}

/** The comment whose thread a deleted one belonged to, which may itself have been deleted and sent again; undefined if the tracker has none. */
async function threadOf({ store }: PushContext, { issueId, payload }: Operation): Promise<string | undefined> {
  const { replyTo } = payload.comment ?? {};
  const id = replyTo === undefined ? undefined : await store.outbox.commentId(issueId, replyTo);
  return id?.startsWith(localIdPrefix) ? undefined : id;
}
