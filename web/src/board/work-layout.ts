import type { IssueShape } from "../../../src/server/contract/issue.ts";
import type { BoardQuery } from "../filter/board-query.ts";
import type { BoardData } from "./data/board-data.ts";
import type { Needs } from "./data/board-query-cache.ts";

/** What cards and rows look like besides their issue. */
export type IssueLooks = {
  readonly trackerLabels: ReadonlyMap<string, string>;
  readonly staleTrackers: ReadonlySet<string>;
  /** `tracker:login` of the user's own accounts. */
  readonly mine: ReadonlySet<string>;
  /** Keys of cards that changed a moment ago. */
  readonly fresh: ReadonlySet<string>;
};

/** What the board and the list show alike. */
export type WorkLayoutProps = {
  /** With the user's own changes in it. */
  readonly board: BoardData;
  /** What can be asked for of the address' filter. */
  readonly query: BoardQuery;
  /** The filter as the address has it. */
  readonly search: string;
  readonly needs: Needs;
  /** The issue that is open over it. */
  readonly openAddress: string | null;
  /** Told how to put the focus on an issue. */
  readonly onFocusIssue: (focus: ((address: string) => void) | null) => void;
  /** The selected issues as they are now, or the one of this key alone where it is not selected. */
  readonly issuesWith: (key: string) => readonly IssueShape[];
  readonly looks: IssueLooks;
};
