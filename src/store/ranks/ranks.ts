import type { Change } from "../change.ts";
import type { Author } from "../outbox/outbox.ts";

/** What an issue is to stand next to: directly before or directly after that one. */
export type Neighbour<Issue> = { readonly before: Issue } | { readonly after: Issue };

/** Where an issue stood before it was placed: the rank it had (null: none), and the issues that it stood between. */
export type FormerPlace = {
  readonly from: number | null;
  /** Absent: of an earlier version, or not known. */
  readonly between?: Between;
};

/** The issues below and above, by id; null is the order's end. */
export type Between = { readonly below: number | null; readonly above: number | null };

/**
 * The manual order: one over all sources and statuses, the highest rank first. It is Panopticon's own, since trackers rank within one of their projects; no tracker is
 * told of it. An issue that nobody has placed stands where the time it was made puts it, in milliseconds.
 */
export type RankStore = {
  /** Places an issue. `operation`: what the same change queued, with which it is taken back. Gives null where it stands there already. Throws `not_found`. */
  place(issueId: number, next: Neighbour<number>, author: Author, operation: number | null): Promise<Change | null>;
  /** Puts an issue back to where it stood before. null: it stands there already. Throws `conflict` where it was placed anew since, `not_found`. */
  takeBack(issueId: number, former: FormerPlace, author: Author): Promise<Change | null>;
};
