import type { Change } from "../change.ts";
import type { Author } from "../outbox/outbox.ts";

/** The target of a placement: directly before or directly after an issue. */
export type Neighbour<Issue> = { readonly before: Issue } | { readonly after: Issue };

/** An issue's place before it was moved: its rank (null: none) and its neighbours. */
export type FormerPlace = {
  readonly from: number | null;
  /** Absent if written by an earlier version, or not known. */
  readonly between?: Between;
};

/** The ids of the issues below and above; null: the end of the order. */
export type Between = { readonly below: number | null; readonly above: number | null };

/**
 * The manual order: one across all sources and statuses, highest rank first. It is stored only in Panopticon, since trackers rank within one of their projects.
 * An issue that was never placed is ranked by its creation time, in milliseconds.
 */
export type RankStore = {
  /**
   * Places an issue. `operation`: the operation queued by the same change, which is undone together with it. Returns null if the issue is already there. Throws
   * `not_found`.
   */
  place(issueId: number, next: Neighbour<number>, author: Author, operation: number | null): Promise<Change | null>;
  /** Restores an issue's former place. Returns null if it is already there. Throws `conflict` if it was placed again since, `not_found`. */
  takeBack(issueId: number, former: FormerPlace, author: Author): Promise<Change | null>;
};
