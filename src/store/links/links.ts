import type { RelationType } from "../../domain/issue.ts";
import type { Change } from "../change.ts";
import type { Author } from "../outbox/outbox.ts";

/** Relations stored by Panopticon itself: between trackers, or of types that a tracker lacks; and mentions in texts. */
export type LinkStore = {
  /**
   * Adds a link; `type` is as seen from the first issue. An existing link stays. Throws `not_found` for an issue that is not mirrored, `invalid_input` for a
   * link of an issue with itself, and for a parent that is already a descendant of its child.
   */
  add(
    issueId: number,
    type: RelationType,
    otherId: number,
    author: Author,
  ): Promise<{ readonly id: string; readonly change: Change }>;
  /** Removes a link; null if there is none with this id. Mentions are removed only with their texts. */
  remove(id: string, author: Author): Promise<Change | null>;
  /**
   * Removes exactly the link that `add` with the same arguments created: two issues may have links of several types, some of which look the same from the other
   * end. null if there is none.
   */
  removeMade(issueId: number, type: RelationType, otherId: number, author: Author): Promise<Change | null>;
  /** Throws `invalid_input` if the parent is already a descendant of the child, in its own tracker or by links. */
  refuseCircle(childId: number, parentId: number): Promise<void>;
  /**
   * Links in both directions, each type as seen from this issue; a duplicate of this issue is `relates`. `origin`: created on purpose (ids `link:N`), or found
   * in a text (`text:N`).
   */
  list(issueId: number): Promise<
    readonly {
      readonly id: string;
      readonly type: RelationType;
      readonly otherId: number;
      readonly origin: "made" | "text";
    }[]
  >;
};
