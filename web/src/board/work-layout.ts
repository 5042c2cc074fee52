import type { IssueShape } from "../../../src/server/contract/issue.ts";
import type { BoardQuery } from "../filter/board-query.ts";
import type { BoardData } from "./data/board-data.ts";
import type { Needs } from "./data/board-query-cache.ts";

/** What cards and rows need to render besides their issue. */
export type IssueLooks = {
  readonly trackerLabels: ReadonlyMap<string, string>;
  readonly staleTrackers: ReadonlySet<string>;
  /** `tracker:login` of the user's own accounts. */
  readonly mine: ReadonlySet<string>;
  /** Keys of cards that changed a moment ago. */
  readonly fresh: ReadonlySet<string>;
};

/** What the board and the list have in common. */
export type WorkLayoutProps = {
  /** With the user's optimistic changes applied. */
  readonly board: BoardData;
  /** The valid part of the URL's filter. */
  readonly query: BoardQuery;
  /** The filter as written in the URL. */
  readonly search: string;
  readonly needs: Needs;
  /** The issue open over the board or list. */
  readonly openAddress: string | null;
  /** Registers a function that focuses an issue. */
  readonly onFocusIssue: (focus: ((address: string) => void) | null) => void;
  /** The current version of the selected issues, or of the issue with this key alone if it is not selected. */
  readonly issuesWith: (key: string) => readonly IssueShape[];
  readonly looks: IssueLooks;
};
