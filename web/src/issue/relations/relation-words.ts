import type { IssueDetailShape } from "../../../../src/server/contract/issue.ts";

/** The role of the other issue in a relation, as listed. */
export const relationWords: Record<IssueDetailShape["relations"][number]["type"], string> = {
  parent: "Parent",
  child: "Child",
  blocks: "Blocks",
  blocked_by: "Blocked by",
  relates: "Relates",
  duplicates: "Duplicates",
};
