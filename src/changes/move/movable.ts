import { localIdPrefix } from "../../domain/operation.ts";
import type { Move, Placed } from "../../domain/outward.ts";
import type { Status } from "../../domain/status.ts";
import type { EditableIssue } from "../../store/outbox/outbox.ts";
import type { Destination } from "../words/status-words.ts";

/** An issue as needed to choose its next move. */
export type Movable = Placed & {
  /** Its present status, which is local in a shadowed project. */
  readonly shown: Status;
  /** The state that its tracker still has, as long as an unwritten move shows another one. */
  readonly stateBefore: string | null;
};

/** Describes an issue whose type and labels may be about to change as well. */
export function toMovable(
  { base, shown }: Pick<EditableIssue, "base" | "shown">,
  next: { readonly type: string; readonly labels: readonly string[]; readonly status: Status },
): Movable {
  // A new issue's state is a guess until its tracker answers.
  const isMoved = base.stateId !== shown.stateId && !base.nativeId.startsWith(localIdPrefix);
  const { type, labels, status } = next;
  return { type, stateId: shown.stateId, labels, shown: status, stateBefore: isMoved ? base.stateId : null };
}

/**
 * The move back to the state that the tracker still has: it takes an unwritten move back, so there is no other state of that status to prefer, and nothing for
 * a workflow to allow.
 */
export function wayBack({ moves }: Pick<Destination, "moves">, { stateBefore }: Movable): Move | undefined {
  return stateBefore === null ? undefined : moves.find(({ stateId }) => stateId === stateBefore);
}
