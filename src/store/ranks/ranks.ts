import type { Author } from "../outbox/outbox.ts";
import type { Change } from "../store.ts";

/** What an issue is to stand next to: directly before or directly after that one. */
export type Neighbour<Issue> = { readonly before: Issue } | { readonly after: Issue };

/**
 * The manual order: one over all sources and statuses, the highest rank first. It is Panopticon's own, since trackers rank within one of their projects; no tracker is
 * told of it. An issue that nobody has placed stands where the time it was made puts it, in milliseconds.
 */
export type RankStore = {
  /** Places an issue. `operation`: what the same change queued, with which it is taken back. Gives null where it stands there already. Throws `not_found`. */
  place(issueId: number, next: Neighbour<number>, author: Author, operation: number | null): Promise<Change | null>;
  /** Gives an issue the rank it had before. null: it has that already. Throws `conflict` where it was placed anew since, `not_found`. */
  takeBack(
    issueId: number,
    placing: { readonly from: number | null; readonly to: number },
    author: Author,
  ): Promise<Change | null>;
};
