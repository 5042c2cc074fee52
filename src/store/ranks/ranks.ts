import type { Author } from "../outbox/outbox.ts";
import type { Change } from "../store.ts";

/** What an issue is to stand next to: directly before or directly after that one. */
export type Neighbour<Issue> = { readonly before: Issue } | { readonly after: Issue };

/** What placing an issue did: the rank it had (null: none), the one it got, and the issues that it stood between before. */
export type Placing = {
  readonly from: number | null;
  readonly to: number;
  /** null: it is not known, as of placings that were themselves taken back. */
  readonly between: { readonly below: number | null; readonly above: number | null } | null;
};

/**
 * The manual order: one over all sources and statuses, the highest rank first. It is Panopticon's own, since trackers rank within one of their projects; no tracker is
 * told of it. An issue that nobody has placed stands where the time it was made puts it, in milliseconds.
 */
export type RankStore = {
  /** Places an issue. `operation`: what the same change queued, with which it is taken back. Gives null where it stands there already. Throws `not_found`. */
  place(issueId: number, next: Neighbour<number>, author: Author, operation: number | null): Promise<Change | null>;
  /** Puts an issue back to where it stood before. null: it stands there already. Throws `conflict` where it was placed anew since, `not_found`. */
  takeBack(
    issueId: number,
    placing: Pick<Placing, "from"> & { readonly between?: Placing["between"] },
    author: Author,
  ): Promise<Change | null>;
};
