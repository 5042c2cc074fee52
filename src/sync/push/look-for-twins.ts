import { type ErrorCode, toPanopticonError } from "../../domain/error.ts";
import type { Operation } from "../../store/outbox/outbox.ts";
import type { OperationMark } from "../../trackers/tracker.ts";
import { longestLagMs } from "../schedule/interval.ts";
import type { PushContext } from "./push-context.ts";

/** Failures after which looking again is of no use: the issue or its source is not there to be looked at. */
const hopeless: ReadonlySet<ErrorCode> = new Set(["forbidden", "not_found", "gone", "unsupported", "invalid_input"]);

/**
 * Looks for what an earlier attempt of a creation left behind besides the one that counts: its answer was lost, it was not to be found, and so it was sent again.
 * A tracker's lists may have shown it only since. What is found is reported; without a find it is looked for once more when no list is that late any more.
 */
export async function lookForTwins(context: PushContext, operation: Operation): Promise<void> {
  const { store, clock, publish } = context;
  const { sending } = store.outbox;
  const now = clock.now();
  try {
    const twins = await findTwins(context, operation);
    const lastLookAt = (operation.settledAt ?? now) + longestLagMs;
    const nextAt = twins.length > 0 || now >= lastLookAt ? null : lastLookAt;
    publish(await sending.lookedForTwins(operation.id, { twins, nextAt }));
  } catch (error) {
    const { code, retryAt } = toPanopticonError(error);
    const nextAt = hopeless.has(code) ? null : Math.max(now + context.lookAfterMs, retryAt ?? 0);
    publish(await sending.lookedForTwins(operation.id, { twins: [], nextAt }));
  }
}

/** Refs of issues, or ids of comments. */
async function findTwins(context: PushContext, operation: Operation): Promise<readonly string[]> {
  const { store, write, source, row, signal } = context;
  const { payload, kind, uuid, firstSentAt } = operation;
  const mark: OperationMark = { id: uuid, firstSentAt };
  const { base } = await store.outbox.issue(operation.issueId);
  if (kind === "comment") {
    const issue = { nativeId: base.nativeId, key: base.key, sourceKey: row.config.key };
    const found = await write.findComments(source, issue, payload.comment?.body ?? "", mark, signal);
    return found.map(({ comment }) => comment.id).filter((id) => id !== payload.comment?.id);
  }
  if (payload.draft === undefined) return [];
  const found = await write.findCreated(source, payload.draft, mark, signal);
  return found
    .filter(({ issue }) => issue.nativeId !== base.nativeId)
    .map(({ issue }) => row.config.refPrefix + issue.key);
}
