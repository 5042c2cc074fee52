import type { RelationType } from "../../domain/issue.ts";
import type { Author } from "../outbox/outbox.ts";
import type { Change } from "../store.ts";

/** Relations that Panopticon keeps itself: between trackers, or of types a tracker lacks; and what texts mention. */
export type LinkStore = {
  /** `type` as seen from the first issue. A link that is there already stays. */
  add(
    issueId: number,
    type: RelationType,
    otherId: number,
    author: Pick<Author, "actor">,
  ): Promise<{ readonly id: string; readonly change: Change }>;
  /** false when there is none of this id. */
  remove(id: string, author: Pick<Author, "actor">): Promise<Change | null>;
  /** Both directions, each type as seen from this issue. `origin`: made on purpose, or found in a text. */
  list(issueId: number): Promise<
    readonly {
      readonly id: string;
      readonly type: RelationType;
      readonly otherId: number;
      readonly origin: "made" | "text";
    }[]
  >;
};
