import type { IssueDetailShape } from "../../../../src/server/contract/issue.ts";

/** What a relation makes of the other issue, as a list says it. */
export const relationWords: Record<IssueDetailShape["relations"][number]["type"], string> = {
  parent: "Parent",
  child: "Child",
  blocks: "Blocks",
  blocked_by: "Blocked by",
  relates: "Relates",
  duplicates: "Duplicates",
};
