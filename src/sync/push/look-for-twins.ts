import { type ErrorCode, toPanopticonError } from "../../domain/error.ts";
import type { Operation } from "../../store/outbox/outbox.ts";
import type { OperationMark } from "../../trackers/tracker.ts";
import { longestLagMs } from "../schedule/interval.ts";
import type { PushContext } from "./push-context.ts";

/** Failures after which another search is pointless: the issue or its source cannot be read. */
const hopeless: ReadonlySet<ErrorCode> = new Set(["forbidden", "not_found", "gone", "unsupported", "invalid_input"]);

/**
 * Looks for twins of a creation: an earlier attempt lost its answer, was not found, and so was sent again, but the tracker's lists may show it only now.
 * Reports what it finds; otherwise searches once more when no list can lag that long any more.
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

/** Returns refs of issues, or ids of comments. */
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
