import { randomUUID } from "node:crypto";
import type { Clock } from "../domain/clock.ts";
import type { PanopticonError } from "../domain/error.ts";
import { actorName } from "../domain/operation.ts";
import type { Author } from "../store/outbox/outbox.ts";
import type { ChangeBy, ChangeStore, ChangeSync, ChangeTracker } from "./changes.ts";
import type { ResolveRef } from "./relate/parent-change.ts";

/** The dependencies shared by the parts of the service. */
export type Parts = {
  readonly store: ChangeStore;
  readonly sync: ChangeSync;
  readonly trackers: readonly ChangeTracker[];
  readonly clock: Clock;
  readonly resolve: ResolveRef;
  /** Serializes the changes of an issue: what a change reads is still valid when it writes. */
  readonly inOrder: <T>(issueId: number, work: () => Promise<T>) => Promise<T>;
};

/** The context of a change. */
export type Making = {
  readonly author: Author;
  /** See `AskOptions`; shared by the changes of a call. */
  readonly unanswered: Set<string>;
  /** For an undo: the reasons why parts were not undone. */
  readonly left: PanopticonError[];
};

/** The context of a call's changes: one author, and one group that is undone together with other changes of the same step name. */
export function toMaking(by: ChangeBy): Making {
  // All changes of a call are undone together: a status and its links, or many issues.
  const author = { actor: actorName(by.actor), session: by.session, group: by.change ?? randomUUID() };
  return { author, unanswered: new Set(), left: [] };
}
