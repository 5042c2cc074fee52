import type { ReactNode } from "react";
import type { OperationShape } from "../../../src/server/contract/change.ts";
import { Icon } from "../ui/icon.tsx";
import { formatClock } from "../ui/time.ts";
import { isPlacing, type ChangeGroup } from "./change-group.ts";

/** How far a change has come on its way to the tracker. */
export type Course = {
  readonly icon: ReactNode;
  readonly words: string;
  /** The outcome is final. */
  readonly settled: boolean;
  /** The operation that needs the user. */
  readonly trouble?: OperationShape;
};

/** A change's progress, from its outbox operations. `where`: its tracker's label. `othersWait`: other changes wait for the server. */
export function courseOf(
  group: ChangeGroup,
  operations: readonly OperationShape[],
  where: string,
  othersWait: boolean,
): Course {
  const spinner = <Icon name="spin" className="spinning text-run" />;
  const clock = <Icon name="clock" className="text-warn" />;
  // One that waits for its turn waits behind one that has noticed.
  if (group.state === "unreachable" || (group.state === "unsent" && othersWait)) {
    return { icon: clock, words: "queued until the Panopticon server is back", settled: false };
  }
  const isLocal = group.edits.length > 0 && group.edits.every(isPlacing);
  if (isLocal && group.state !== "sent") return { icon: spinner, words: "", settled: false };
  if (group.state !== "sent") return { icon: spinner, words: `writing to ${where}…`, settled: false };
  const open = operations.filter(({ id, address }) =>
    group.operations.length > 0 ? group.operations.includes(id) : address === group.address,
  );
  const trouble = open.find(({ state }) => state === "refused" || state === "conflict");
  if (trouble !== undefined) {
    const words = trouble.state === "conflict" ? `conflict: also changed in ${where}` : `not saved: ${trouble.reason}`;
    return { icon: <Icon name="alert" className="text-bad" />, words, settled: true, trouble };
  }
  const waiting = open.find(({ state }) => state === "waiting" || state === "unknown");
  if (waiting?.state === "waiting") {
    // Credentials do not come back by waiting.
    if (waiting.code === "auth") return { icon: clock, words: `waits for ${where}: ${waiting.reason}`, settled: true };
    const until = waiting.nextAttemptAt === null ? "" : `, ${formatClock(waiting.nextAttemptAt)}`;
    return { icon: clock, words: `waits for ${where}${until}`, settled: true };
  }
  if (waiting !== undefined) return { icon: clock, words: `answer lost, checking in ${where}`, settled: true };
  if (open.length > 0) return { icon: spinner, words: `writing to ${where}…`, settled: false };
  return { icon: <Icon name="check" className="text-ok" />, words: "", settled: true };
}
