import { type ErrorCode, isPanopticonError } from "../../domain/error.ts";
import { localIdPrefix } from "../../domain/operation.ts";
import type { EditableIssue } from "../../store/outbox/outbox.ts";
import type { ChangeSync } from "../changes.ts";
import type { AskChoices } from "./choose-move.ts";
import { requireWritable, type SourceContext } from "../source-context.ts";

/** The longest wait at a board; after that the move is decided when it is sent. */
const patienceMs = 2_000;

/** Failures unrelated to the move: the tracker decides later. */
const laterCodes: readonly ErrorCode[] = [
  "auth",
  "rate_limited",
  "unreachable",
  "timeout",
  "invalid_response",
  "busy",
  "unsupported",
  "internal",
];

export type AskOptions = {
  readonly sync: Pick<ChangeSync, "moveChoices">;
  /** Connections that just failed to answer: not asked again for each of many issues. */
  readonly unanswered: Set<string>;
};

/**
 * Creates a function that asks an issue's tracker for transitions, for at most two seconds. Does not ask about an issue that the tracker does not have yet, or
 * that is just being moved there: the answer would be for the state that it leaves.
 */
export function createAsk(issue: EditableIssue, source: SourceContext, { sync, unanswered }: AskOptions): AskChoices {
  const { connection } = source.config;
  return async (stateIds) => {
    if (issue.base.nativeId.startsWith(localIdPrefix) || issue.isMoving || unanswered.has(connection)) return null;
    requireWritable(source);
    try {
      return await sync.moveChoices(issue.id, stateIds, patienceMs);
    } catch (error) {
      if (!isPanopticonError(error) || !laterCodes.includes(error.code)) throw error;
      unanswered.add(connection);
      return null;
    }
  };
}
