import type { RelationType } from "../../domain/issue.ts";
import type { Change } from "../change.ts";
import type { Author } from "../outbox/outbox.ts";

/** Relations that Panopticon keeps itself: between trackers, or of types a tracker lacks; and what texts mention. */
export type LinkStore = {
  /**
   * `type` as seen from the first issue. A link that is there already stays. Throws `not_found` for an issue that is not mirrored, `invalid_input` for a link
   * of an issue with itself, and for a parent that lies below its child already.
   */
  add(
    issueId: number,
    type: RelationType,
    otherId: number,
    author: Author,
  ): Promise<{ readonly id: string; readonly change: Change }>;
  /** null when there is none of this id; what texts say goes with the texts. */
  remove(id: string, author: Author): Promise<Change | null>;
  /**
   * Ends what `add` of the same has made, and no other: two issues may have links of several types, some of which the other end calls the same. null when there is
   * none.
   */
  removeMade(issueId: number, type: RelationType, otherId: number, author: Author): Promise<Change | null>;
  /** Whether one issue can lie below another. Throws `invalid_input` where the parent lies below the child already, in its own tracker or by links. */
  refuseCircle(childId: number, parentId: number): Promise<void>;
  /**
   * Both directions, each type as seen from this issue; that another one is its duplicate is `relates`. `origin`: made on purpose (ids `link:N`), or found in
   * a text (`text:N`).
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
