import type { OperationShape } from "../../../src/server/contract/change.ts";
import type { IconName } from "../ui/icon.tsx";
import { formatClock } from "../ui/time.ts";
import { actorKind } from "../../../src/domain/actor-kind.ts";
import type { HistoryEntry } from "./history-groups.ts";

/** How far a change got on its way to the tracker, as its line shows it. */
export type WriteState = {
  readonly words: string;
  readonly icon: IconName;
  readonly tone: "quiet" | "warn" | "bad";
};

type Known = Pick<OperationShape, "state" | "nextAttemptAt" | "code">;

/** `operation`: the outbox operation of an unsettled change, if known. Returns null for a change that needs no write. */
export function writeState(
  { actor, state }: Pick<HistoryEntry, "actor" | "state">,
  operation: Known | undefined,
  label: string,
): WriteState | null {
  if (actorKind(actor) === "tracker") return null;
  switch (state) {
    case "pending":
      return pendingState(operation, label);
    case "written":
      return { words: "written", icon: "check", tone: "quiet" };
    case "kept":
      return { words: "kept here", icon: "shadow", tone: "quiet" };
    case "refused":
      return { words: `refused by ${label}`, icon: "alert", tone: "bad" };
    case "conflict":
      return { words: "conflict", icon: "alert", tone: "warn" };
    case "merged":
      return { words: "merged", icon: "right", tone: "quiet" };
    case "dropped":
      return { words: "dropped", icon: "x", tone: "quiet" };
    case "undone":
      return { words: "undone", icon: "x", tone: "quiet" };
    default:
      return null;
  }
}

function pendingState(operation: Known | undefined, label: string): WriteState {
  switch (operation?.state) {
    case "sending":
      return { words: `writing to ${label}`, icon: "spin", tone: "quiet" };
    case "unknown":
      return { words: `checking in ${label}`, icon: "search", tone: "warn" };
    case "waiting": {
      const { nextAttemptAt, code } = operation;
      // Credentials do not come back by waiting.
      return {
        words: nextAttemptAt === null || code === "auth" ? "waits" : `waits, ${formatClock(nextAttemptAt)}`,
        icon: "clock",
        tone: "warn",
      };
    }
    default:
      return { words: "pending", icon: "spin", tone: "quiet" };
  }
}
