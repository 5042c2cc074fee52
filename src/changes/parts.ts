import { randomUUID } from "node:crypto";
import type { Clock } from "../domain/clock.ts";
import type { PanopticonError } from "../domain/error.ts";
import { actorName } from "../domain/operation.ts";
import type { Author } from "../store/outbox/outbox.ts";
import type { ChangeBy, ChangeStore, ChangeSync, ChangeTracker } from "./changes.ts";
import type { ResolveRef } from "./relate/parent-change.ts";

/** What the parts of the service share. */
export type Parts = {
  readonly store: ChangeStore;
  readonly sync: ChangeSync;
  readonly trackers: readonly ChangeTracker[];
  readonly clock: Clock;
  readonly resolve: ResolveRef;
  /** One change of an issue after the other: what a change reads is still so when it is written. */
  readonly inOrder: <T>(issueId: number, work: () => Promise<T>) => Promise<T>;
};

/** What a change is made with, besides what it changes. */
export type Making = {
  readonly author: Author;
  /** See `AskOptions`; shared by the changes of one call. */
  readonly unanswered: Set<string>;
  /** Of an undo: what it leaves as it is, and why. */
  readonly left: PanopticonError[];
};

/** What a call's changes are made with: one author, and one group that is undone together, with what else has the caller's name for the step. */
export function toMaking(by: ChangeBy): Making {
  // What one call changes is undone together: a status and the links that go with it, or many issues.
  const author = { actor: actorName(by.actor), session: by.session, group: by.change ?? randomUUID() };
  return { author, unanswered: new Set(), left: [] };
}
